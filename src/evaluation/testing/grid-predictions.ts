import type { PredictionsTable } from '../predictions.js';

export interface GridFactor {
  readonly name: string;
  readonly levels: number;
  /** Held-out level indices. */
  readonly held: readonly number[];
}

/** What a predictor sees of one example and factor: the true scaled value and the values seen in training. */
export type Predict = (truth: number, factor: string, seen: readonly number[]) => number;

/** A perfect reader that can only answer with values seen in training. */
export const nearestSeen: Predict = (truth, _, seen) =>
  seen.reduce((best, value) => (Math.abs(value - truth) < Math.abs(best - truth) ? value : best));

/** A constant: the mean of the values seen in training. */
export const trainMean: Predict = (_, __, seen) => seen.reduce((sum, value) => sum + value, 0) / seen.length;

/** Every example of a full grid, split by held levels, with the predictions of a function. */
export function predictGrid(factors: readonly GridFactor[], predict: Predict): PredictionsTable {
  const size = factors.reduce((product, factor) => product * factor.levels, 1);
  const scaled = (factor: GridFactor) =>
    Array.from({ length: factor.levels }, (_, level) => level / (factor.levels - 1));
  const heldNames = new Array<string>(size).fill('');
  const variables: Record<string, Uint16Array> = {};
  const targets: Record<string, Float32Array> = {};
  const predictions: Record<string, Float32Array> = {};
  const variance: Record<string, number> = {};
  let stride = size;
  for (const factor of factors) {
    stride /= factor.levels;
    const values = scaled(factor);
    const held = new Set(factor.held);
    const seen = values.filter((_, level) => !held.has(level));
    const answers = values.map((value) => predict(value, factor.name, seen));
    const column = Uint16Array.from({ length: size }, (_, row) => Math.floor(row / stride) % factor.levels);
    variables[factor.name] = column;
    targets[factor.name] = Float32Array.from(column, (level) => values[level]!);
    predictions[factor.name] = Float32Array.from(column, (level) => answers[level]!);
    variance[factor.name] = (factor.levels + 1) / (12 * (factor.levels - 1));
    for (let row = 0; held.size > 0 && row < size; row += 1) {
      if (!held.has(column[row]!)) continue;
      heldNames[row] = heldNames[row] === '' ? factor.name : `${heldNames[row]}+${factor.name}`;
    }
  }
  return {
    example: Uint32Array.from({ length: size }, (_, row) => row),
    set: heldNames.map((names) => (names === '' ? 'train' : 'test')),
    held: heldNames,
    variables,
    targets,
    predictions,
    context: {
      variance,
      levels: Object.fromEntries(factors.map((factor) => [factor.name, scaled(factor)])),
      held: Object.fromEntries(factors.map((factor) => [factor.name, factor.held])),
    },
  };
}
