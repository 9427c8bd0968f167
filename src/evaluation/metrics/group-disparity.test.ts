import { describe, expect, it } from 'vitest';
import { rowKey } from '../../analysis/records.js';
import { createScores, scoreLogits } from '../examples/example-scores.js';
import { groupDisparity, inferGroups } from '../examples/inferred-groups.js';
import { type MetricOptions, scorePredictions } from '../index.js';
import type { PredictionsTable } from '../predictions.js';

/** Eight rows: three shapes answered in one place, three in another; the last two are of another set. */
const shape = [0, 0, 1, 1, 2, 2, 0, 1];
const place = [0, 0, 0, 1, 1, 1, 0, 1];
const answers = [0, 0, 1, 0, 2, 2, 1, 1];
const table: PredictionsTable = {
  example: Uint32Array.from(shape, (_, row) => row),
  set: shape.map((_, row) => (row < 6 ? 'iid' : 'ood')),
  held: shape.map(() => ''),
  variables: { shape: Uint16Array.from(shape), place: Uint16Array.from(place) },
  targets: {},
  predictions: {},
  logits: {
    shape: Float32Array.from(
      answers.flatMap((chosen, row) => [0, 1, 2].map((at) => (at === chosen ? 1 + row : 0))),
    ),
  },
  context: {
    variance: {},
    levels: {},
    names: { shape: ['square', 'ellipse', 'heart'], place: ['left', 'right'] },
    held: {},
  },
};
const score = (metric: string, options: MetricOptions = {}) =>
  Object.fromEntries(
    scorePredictions(table, [metric], options).map(({ set, group, value, n }) => [
      rowKey(set, group),
      [Number(value.toFixed(9)), n],
    ]),
  );

describe('disparity of groups', () => {
  it('is the total variation of their answers, by their shares', () => {
    // Of all 3/6, 1/6, 2/6; left 2/3, 1/3, 0; right 1/3, 0, 2/3: both 1/3 away.
    const third = Number((1 / 3).toFixed(9));
    const wanted = {
      'iid by=place': [third, 6],
      'iid by=place group=left': [third, 3],
      'iid by=place group=right': [third, 3],
      'iid by=place target=shape': [third, 6],
      'ood by=place': [0, 2],
      'ood by=place group=left': [0, 1],
      'ood by=place group=right': [0, 1],
      'ood by=place target=shape': [0, 2],
    };
    expect(score('group_disparity', { groups: [['place']] })).toEqual(wanted);
    expect(score('group_disparity', { protected: ['place'] })).toEqual(wanted);
  });

  it('takes groups that the classes themselves make only beside others', () => {
    expect(score('group_disparity', { groups: [['shape']] })).toEqual({});
    const logits = { ...table.logits, place: new Float32Array(16).fill(1) };
    const both = scorePredictions({ ...table, logits }, ['group_disparity'], { groups: [['place']] });
    expect(both.find(({ group }) => group.target === 'place')?.value).toBe(0);
    expect(both[0]?.value).toBeCloseTo(1 / 3, 12);
  });

  it('says what to type where nothing makes groups', () => {
    expect(() => score('group_disparity')).toThrow(expect.objectContaining({ code: 'E_METRIC_GROUPS' }));
    expect(() => score('group_disparity', { groups: [['colour']] })).toThrow("there is no variable 'colour'");
  });

  it('is of inferred groups what the scores of examples say, in closed form and by Adam', () => {
    const scores = createScores(6);
    for (let row = 0; row < 6; row++)
      scoreLogits(scores, row, table.logits!.shape!.subarray(3 * row, 3 * row + 3), shape[row]!);
    const exact = groupDisparity(scores.answer, inferGroups(scores));
    expect(exact).toBeGreaterThan(0);
    expect(score('inferred_group_disparity').iid).toEqual([Number(exact.toFixed(9)), 6]);
    expect(score('inferred_group_disparity_adam', { seed: 1, eiil: { steps: 8000 } })).toEqual(
      score('inferred_group_disparity'),
    );
    // Too few updates leave the groups as they were drawn.
    const drawn = [1, 2, 3, 4].map(
      (seed) => score('inferred_group_disparity_adam', { seed, eiil: { steps: 0 } }).iid,
    );
    expect(new Set(drawn.map(String)).size).toBeGreaterThan(1);
  });
});
