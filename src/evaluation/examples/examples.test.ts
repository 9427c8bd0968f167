import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scorePredictions } from '../index.js';
import { binReliability, calibrationErrorOf } from '../metrics/binned-calibration.js';
import type { PredictionsTable } from '../predictions.js';
import { scoreExamples, scoreReliability } from './example-metrics.js';
import { createScores, growScores, hasLogits, scoreAnswer, scoreLogits } from './example-scores.js';
import { groupDisparity, inferGroups } from './inferred-groups.js';

const classes = 6;
/** Rows of six logits with a true class each; whole numbers, so that there are ties. */
const rows = fc.array(
  fc.tuple(
    fc.array(fc.integer({ min: -4, max: 4 }), { minLength: classes, maxLength: classes }),
    fc.integer({ min: 0, max: classes - 1 }),
  ),
  { minLength: 1, maxLength: 30 },
);
type Rows = readonly (readonly [readonly number[], number])[];

function scoresOf(own: Rows) {
  const scores = createScores(own.length);
  for (const [at, [logits, truth]] of own.entries())
    scoreLogits(scores, at, Float64Array.from(logits), truth);
  return scores;
}

function tableOf(own: Rows): PredictionsTable {
  return {
    example: Uint32Array.from(own, (_, row) => row),
    set: own.map(() => 'test'),
    held: own.map(() => ''),
    variables: { digit: Uint16Array.from(own, ([, truth]) => truth) },
    ...{ targets: {}, predictions: {} },
    logits: { digit: Float32Array.from(own.flatMap(([logits]) => logits)) },
    context: { variance: {}, levels: {}, held: {}, names: { digit: [...'012345'] } },
  };
}

describe('metrics of examples without their logits', () => {
  it('are those of the predictions table', () => {
    fc.assert(
      fc.property(rows, (own) => {
        const found = scoreExamples(scoresOf(own), { classes });
        const names = ['accuracy', 'cross_entropy', 'brier', 'ece', 'top_5_accuracy'] as const;
        const scored = scorePredictions(tableOf(own), names);
        for (const name of names) {
          const wanted = scored.find(({ metric, group }) => metric === name && group.target === undefined)!;
          expect(found[name]).toBeCloseTo(wanted.value, 10);
        }
        expect(found.top_10_accuracy).toBeNaN();
      }),
    );
  });

  it('of answers alone are accuracies', () => {
    const scores = createScores(4);
    for (const [row, [answer, truth]] of (
      [
        [1, 1],
        [0, 1],
        [2, 2],
        [2, 2],
      ] as const
    ).entries())
      scoreAnswer(scores, row, answer, truth);
    const groups = [{ codes: [0, 0, 1, 1], count: 3 }];
    const found = scoreExamples(scores, { groups });
    expect(found).toMatchObject({ accuracy: 0.75, worst_group_accuracy: 0.5, group_disparity: 0.5 });
    const others = Object.entries(found).filter(
      ([name]) => !(name.endsWith('accuracy') || name === 'group_disparity') || name.startsWith('top'),
    );
    expect(others.every(([, value]) => Number.isNaN(value))).toBe(true);
    expect(hasLogits(scores)).toBe(false);
    expect(scoreReliability(scores)).toEqual([]);
  });

  it('stay when there is more room', () => {
    const scores = scoresOf([[[1, 2, 0, 0, 0, 0], 1]]);
    expect(growScores(growScores(scores, 5), 1)).toEqual(scores);
  });
});

describe('reliability', () => {
  it('goes by bins that are closed below, and 1 to the last', () => {
    const bins = binReliability([0.1, 0.19, 0.5, 1, 0.999], [1, 0, 1, 1, 0], 10);
    expect(bins.map(({ n }) => n)).toEqual([0, 2, 0, 0, 0, 1, 0, 0, 0, 2]);
    // |0.5 − 0.145| · 2 + |1 − 0.5| · 1 + |0.5 − 0.9995| · 2, of 5.
    expect(calibrationErrorOf(bins)).toBeCloseTo((0.71 + 0.5 + 0.999) / 5, 12);
    expect(bins[0]!.accuracy).toBeNaN();
  });

  it('takes another number of bins from the evaluation', () => {
    const own = [
      [[0, 0, 0, 0, 0, 0], 0],
      [[3, 0, 0, 0, 0, 0], 1],
    ] as const;
    const found = [1, 10].map((bins) => scorePredictions(tableOf(own), ['ece'], { bins })[0]!.value);
    const sure = Math.exp(3) / (Math.exp(3) + 5);
    expect(found[0]).toBeCloseTo(Math.abs(0.5 - (1 / 6 + sure) / 2), 6);
    expect(found[1]).toBeCloseTo((1 - 1 / 6 + sure) / 2, 6);
  });
});

describe('inferred groups', () => {
  /** The objective of environment inference for any division. */
  const objective = (slopes: readonly number[], group: readonly number[]) => {
    const sum = (wanted: number) =>
      slopes.reduce((all, slope, at) => all + (group[at] === wanted ? slope : 0), 0) / slopes.length;
    return (sum(0) ** 2 + sum(1) ** 2) / 2;
  };

  it('break invariance more than any other division', () => {
    fc.assert(
      fc.property(
        rows.filter(({ length }) => length <= 8),
        (own) => {
          const scores = scoresOf(own);
          const slopes = [...scores.slope];
          const best = objective(slopes, [...inferGroups(scores)]);
          for (let code = 0; code < 2 ** slopes.length; code++) {
            const group = slopes.map((_, at) => (code >> at) & 1);
            expect(objective(slopes, group)).toBeLessThanOrEqual(best + 1e-12);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('go by the derivative that finite differences find', () => {
    const [logits, truth] = [[1.2, -0.3, 0.4, 0, 2, -1], 2] as const;
    const loss = (factor: number) => {
      const scaled = logits.map((value) => factor * value);
      return Math.log(scaled.reduce((sum, value) => sum + Math.exp(value), 0)) - scaled[truth]!;
    };
    expect(scoresOf([[logits, truth]]).slope[0]).toBeCloseTo((loss(1.0001) - loss(0.9999)) / 0.0002, 6);
  });

  it('differ by the total variation of their answers', () => {
    // Overall ½, ½; group 0 answers ¾, ¼: ¼ away; group 1 the other way round.
    expect(groupDisparity([0, 0, 0, 1, 0, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1])).toBeCloseTo(0.25, 12);
    expect(groupDisparity([0, 1, 0, 1], [0, 0, 1, 1])).toBe(0);
  });
});
