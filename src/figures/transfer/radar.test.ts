import { expect, it } from 'vitest';
import { renderSvg } from '../render.js';
import { drawRadar } from './radar.js';

const textOf = async (spokes: readonly string[]) => {
  const polygons = [{ level: '', values: spokes.map(() => 0.5) }];
  const svg = await renderSvg(drawRadar([{ title: 'all', spokes, polygons }], [''], undefined));
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text).join(' ');
};

it('explains the spokes that are drawn, and no others', async () => {
  const few = await textOf(['accuracy', 'OOD accuracy', '1 − ECE']);
  expect(few).toContain('OOD over their OOD sets.');
  expect(few).not.toMatch(/corrupted|size/);
  const all = await textOf(['accuracy', 'OOD corrupted', '1 − size']);
  expect(all).toContain('corrupted: mean accuracy on corrupted copies');
  expect(all).toContain('size: share of the largest');
});
