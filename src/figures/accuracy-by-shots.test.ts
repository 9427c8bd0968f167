import { expect, it } from 'vitest';
import { readShots } from '../analysis/shots.js';
import type { RunRecord } from '../evaluation/record.js';
import { drawAccuracyByShots } from './accuracy-by-shots.js';
import { renderSvg } from './render.js';

const record = (model: string, seed: number, test: number): RunRecord => ({
  schema: 1,
  run: `${model}-${seed}`,
  labels: { dataset: 'pacs', split: 'official', model, seed: String(seed), protocol: 'adapt' },
  rows: [
    { set: 'train', metric: 'accuracy', group: {}, value: 1, n: 10 },
    { set: 'test', metric: 'accuracy', group: {}, value: test, n: 10 },
    { set: 'test', metric: 'accuracy', group: { target: 'class' }, value: test, n: 10 },
  ],
});

it('readShots finds the number of examples in the name of a model', () => {
  expect(readShots('nac, shots=5, mode=full')).toEqual({ model: 'nac, mode=full', shots: 5 });
  expect(readShots('cnn, split.shots=all')).toEqual({ model: 'cnn', shots: Number.POSITIVE_INFINITY });
  expect(readShots('nac, mode=full')).toBeUndefined();
  expect(readShots('nac, snapshots=5')).toBeUndefined();
});

it('drawAccuracyByShots has a line per model over numbers in their order, and all of them last', async () => {
  const records = [0, 1, 2].flatMap((seed) => [
    ...['all', '10', '5'].map((shots, at) =>
      record(`nac, shots=${shots}, mode=full`, seed, 0.4 - 0.1 * at + 0.01 * seed),
    ),
    record('nac, shots=5, mode=head', seed, 0.2),
  ]);
  const figure = drawAccuracyByShots(records, {});
  const specification = JSON.stringify(figure.specify(240));
  expect(specification).toContain('[\\"5\\",\\"10\\",\\"all\\"]');
  // The training set is right throughout, and no part of what is drawn.
  expect(specification).toContain('"domain":[0,0.5]');
  const svg = await renderSvg(figure);
  for (const text of [
    'NAC, mode=full',
    'NAC, mode=head',
    'examples of each class',
    'accuracy on test',
    'all',
  ])
    expect(svg).toContain(`>${text}<`);
});
