import { expect, it } from 'vitest';
import type { NamedArrays } from '../../engine/engine.js';
import { batchInputs, batchLabels, readAlgorithms, startValues } from './algorithms.js';

const golden = readAlgorithms();
const erm = golden.cases[0]!;

function dense(rows: readonly number[][], name: string, weights: NamedArrays): number[][] {
  const kernel = weights[`${name}/kernel`]!;
  const outputs = kernel.shape[1]!;
  return rows.map((row) =>
    Array.from({ length: outputs }, (_, k) =>
      row.reduce(
        (sum, value, j) => sum + value * kernel.data[j * outputs + k]!,
        weights[`${name}/bias`]!.data[k]!,
      ),
    ),
  );
}

/** The mean cross-entropy of batch `t`, in plain numbers. */
function lossOf(weights: NamedArrays, t: number): number {
  const labels = batchLabels(t);
  const x = batchInputs(t);
  const rows = labels.map((_, i) => [...x.subarray(6 * i, 6 * i + 6)]);
  const hidden = dense(rows, 'dense1', weights).map((row) => row.map((value) => Math.max(value, 0)));
  const logits = dense(dense(hidden, 'dense2', weights), 'read-out', weights);
  const losses = logits.map((z, i) => Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0)) - z[labels[i]!]!);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function moved(weights: NamedArrays, steps: readonly number[]): NamedArrays {
  let place = 0;
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => {
      const next = Array.from(data, (value) => value + 1e-8 * steps[place++]!);
      return [name, { shape, data: Float32Array.from(next) }];
    }),
  );
}

it('has every algorithm of DomainBed', () => {
  expect(new Set(golden.cases.map(({ name }) => name)).size).toBe(34);
});

it('starts, batches and steps from the same numbers as PyTorch', () => {
  const start = startValues(erm.parameters);
  expect(lossOf(start, 0)).toBeCloseTo(erm.updates[0]!.scalars.loss!, 6);
  for (let t = 1; t < golden.updates; t++) {
    const weights = moved(start, erm.updates[t - 1]!.moved);
    expect(lossOf(weights, t)).toBeCloseTo(erm.updates[t]!.scalars.loss!, 6);
  }
});

it('moves as many weights as a case has', () => {
  for (const { parameters, updates, name } of golden.cases) {
    const size = Object.values(startValues(parameters)).reduce((sum, { data }) => sum + data.length, 0);
    for (const update of updates) expect(update.moved.length, name).toBe(size);
  }
});
