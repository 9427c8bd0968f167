import { describe, expect, it } from 'vitest';
import {
  createScores,
  type ExampleScores,
  scoreAnswer,
  scoreLogits,
} from '../../../evaluation/examples/example-scores.js';
import { groupPairs } from '../records.js';
import { record } from '../testing/planted.js';
import { largestDifference, readReference } from '../testing/reference.js';
import { agreeOnTheLine } from './agreement.js';
import { estimateFromConfidence } from './confidence.js';
import { estimateWithoutLabels } from './estimates.js';
import type { PairPredictions } from './predictions.js';

const reference = readReference().aline;

function scoresOf({ truth, answers }: (typeof reference)['id'], model: number): ExampleScores {
  const scores = createScores(truth.length);
  for (const [row, own] of truth.entries()) scoreAnswer(scores, row, answers[model]![row]!, own);
  return scores;
}
const accuracy = ({ truth, answer }: ExampleScores) =>
  truth.reduce((sum, own, row) => sum + (answer[row] === own ? 1 : 0), 0) / truth.length;
const networks = reference.id.answers.map((_, model): PairPredictions => {
  const [id, ood] = [scoresOf(reference.id, model), scoresOf(reference.ood, model)];
  return { network: `n${model}`, id, ood, idAccuracy: accuracy(id), oodAccuracy: accuracy(ood) };
});

describe('agreement on the line', () => {
  it('is that of the definition, solved in numpy', () => {
    const found = agreeOnTheLine(networks)!;
    expect(found.agreements).toHaveLength(15);
    expect(found.line.slope).toBeCloseTo(reference.slope, 9);
    expect(found.line.intercept).toBeCloseTo(reference.intercept, 9);
    expect(largestDifference(found.alineS, reference.s)).toBeLessThan(1e-9);
    expect(largestDifference(found.alineD, reference.d)).toBeLessThan(1e-8);
  });

  it('needs two networks, and three for differences', () => {
    expect(agreeOnTheLine(networks.slice(0, 1))).toBeUndefined();
    expect(agreeOnTheLine(networks.slice(0, 2))!.alineD).toEqual([Number.NaN, Number.NaN]);
  });

  it('has no estimates where all pairs agree alike on the ID set: there is no line', () => {
    const found = agreeOnTheLine(Array.from({ length: 4 }, () => networks[0]!))!;
    expect(found.line.slope).toBeNaN();
    for (const estimates of [found.alineS, found.alineD])
      expect(estimates).toEqual(Array(4).fill(Number.NaN));
  });
});

/** Two classes, the probability of class 1 per row, and what is true. */
function confident(rows: readonly (readonly [p: number, truth: number])[]): ExampleScores {
  const scores = createScores(rows.length);
  for (const [row, [p, truth]] of rows.entries())
    scoreLogits(scores, row, Float64Array.of(Math.log(1 - p), Math.log(p)), truth);
  return scores;
}

describe('estimates from confidence', () => {
  // ID: one of four is wrong, and the least sure of all; so the threshold is 0.7.
  const id = confident([
    [0.6, 0],
    [0.7, 1],
    [0.9, 1],
    [0.2, 0],
  ]);
  const ood = confident([
    [0.55, 1],
    [0.65, 1],
    [0.7000001, 1],
    [0.95, 0],
    [0.1, 0],
  ]);
  const network = { network: 'n', id, ood, idAccuracy: 0.75, oodAccuracy: 0.8 };

  it('are those of a toy by hand', () => {
    const found = estimateFromConfidence(network);
    expect(found.atcConfidence).toBe(3 / 5);
    expect(found.atcEntropy).toBe(3 / 5);
    expect(found.meanConfidence).toBeCloseTo((0.55 + 0.65 + 0.7000001 + 0.95 + 0.9) / 5, 12);
    expect(found.doc).toBeCloseTo(0.75 + found.meanConfidence - (0.6 + 0.7 + 0.9 + 0.8) / 4, 12);
  });

  it('of ATC are the ID accuracy on the ID set itself', () => {
    expect(estimateFromConfidence({ ...network, ood: id }).atcConfidence).toBe(0.75);
    expect(estimateFromConfidence({ ...network, idAccuracy: 1 }).atcConfidence).toBe(4 / 5);
  });

  it('are none where only answers are known', () => {
    const bare = estimateFromConfidence(networks[0]!);
    expect(Object.values(bare)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('label-free estimates of a pair', () => {
  it('stand beside what labels say, by method', () => {
    const pair = groupPairs(networks.map((one) => record(one.network, one.idAccuracy, one.oodAccuracy)))[0]!;
    const find = (name: string, _: string, set: string) => {
      const own = networks.find(({ network }) => network === name);
      return set === 'a' ? own?.id : own?.ood;
    };
    const found = estimateWithoutLabels(pair, find)!;
    expect(found.errors.map(({ method }) => method)).toEqual(['ALine-S', 'ALine-D', 'ID accuracy']);
    const [lineS, , none] = found.errors;
    expect(lineS!.mae).toBeLessThan(none!.mae);
    expect(lineS!.interval!.low).toBeLessThanOrEqual(lineS!.mae);
    expect(estimateWithoutLabels(pair, () => undefined)).toBeUndefined();
  });
});
