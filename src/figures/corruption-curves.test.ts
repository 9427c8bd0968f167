import { expect, it } from 'vitest';
import { type CorruptionCurve, drawCorruptionCurves } from './corruption-curves.js';
import { renderSvg } from './render.js';

const curve = (model: string, kind: string, slope: number, halfWidth?: number): CorruptionCurve => ({
  ...{ model, kind },
  points: [0, 1, 3, 5].map((severity) => ({
    severity,
    error: { mean: 0.1 + slope * severity, halfWidth, n: 2, values: [] },
  })),
});
const labels = { error: 'error', notes: ['official, test'], limit: 1 };

it('has a panel per kind and a line per model, and intervals end at the largest error', async () => {
  const curves = ['shot noise', 'fog', 'snow', 'contrast', 'jpeg', 'all kinds'].flatMap((kind) => [
    curve('cnn', kind, 0.1, 0.6),
    curve('mlp', kind, 0.05),
  ]);
  const figure = drawCorruptionCurves(curves, labels);
  expect(figure.panels).toBe(5);
  const specification = JSON.stringify(figure.specify(60));
  expect(specification).toContain('"domain":[0,1]');
  expect(specification).not.toMatch(/"high":1\.\d/);
  const svg = await renderSvg(figure);
  for (const text of ['shot', 'noise', 'all', 'severity', 'official, test', 'CNN', 'MLP']) {
    expect(svg).toContain(`>${text}<`);
  }
});

it('fits its axis to small errors', () => {
  const specification = JSON.stringify(drawCorruptionCurves([curve('cnn', 'fog', 0)], labels).specify(60));
  expect(specification).toContain('"domain":[0,0.10400000000000001]');
});
