import { describe, expect, it } from 'vitest';
import type { DomainRecord } from '../../selection/index.js';
import { tabulateSelected } from './selected.js';

const record = (
  held: number,
  trial: number,
  step: number,
  accuracies: readonly (readonly [number, number])[],
  draw = 0,
): DomainRecord => ({
  args: { dataset: 'Own', algorithm: 'ERM', test_envs: [held], hparams_seed: draw, trial_seed: trial },
  hparams: {},
  step,
  ...Object.fromEntries(
    accuracies.flatMap(([own, out], index) => [
      [`env${index}_in_acc`, own],
      [`env${index}_out_acc`, out],
    ]),
  ),
});

// Of the first trial the earlier checkpoint validates better, of the second a later one of another draw.
const records = [
  record(0, 0, 10, [
    [0.5, 0.1],
    [1, 0.9],
    [1, 0.9],
  ]),
  record(0, 0, 20, [
    [0.7, 0.8],
    [1, 0.8],
    [1, 0.8],
  ]),
  record(0, 1, 10, [
    [0.2, 0.3],
    [1, 0.6],
    [1, 0.6],
  ]),
  record(
    0,
    1,
    20,
    [
      [0.6, 0.9],
      [1, 0.7],
      [1, 0.7],
    ],
    1,
  ),
];
const study = { dataset: 'own', environments: ['a', 'b', 'c'], records };

describe('the table of selected runs', () => {
  const { rows, columns, caption } = tabulateSelected(study);

  it('has the mean over trials of what each rule selects, and says which one sees the test', () => {
    expect(columns.map(({ label }) => label)).toEqual(['a', 'average', 'n']);
    const found = rows.map(({ section, cells }) => [section, cells[0]]);
    expect(found).toEqual([
      ['training-domain validation set', expect.objectContaining({ kind: 'estimate', mean: 0.55, n: 2 })],
      ['worst-environment validation set', expect.objectContaining({ mean: 0.55, n: 2 })],
      [
        'test-domain validation set (oracle): sees the test environment',
        expect.objectContaining({ mean: expect.closeTo(0.65, 12), n: 2 }),
      ],
    ]);
    expect(caption[0]).toContain('Of 2 draws of hyper-parameters');
  });

  it('averages over environments within a trial first', () => {
    const more = [
      record(1, 0, 10, [
        [1, 1],
        [0.9, 0.9],
        [1, 1],
      ]),
      ...records,
    ];
    const [first] = tabulateSelected({ ...study, records: more }).rows;
    // Only the first trial has both.
    expect(first!.cells[2]).toMatchObject({ mean: (0.5 + 0.9) / 2, n: 1 });
    expect(first!.cells.at(-1)).toEqual({ kind: 'text', text: '2, 1' });
  });
});
