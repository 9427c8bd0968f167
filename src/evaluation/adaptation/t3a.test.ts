import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { batchInputs, readAlgorithms, startValues } from '../../objectives/testing/algorithms.js';
import { createT3a } from './t3a.js';

const { t3a } = JSON.parse(
  readFileSync(new URL('../../objectives/testing/adaptations-golden.json', import.meta.url), 'utf8'),
);
const { parameters } = readAlgorithms().cases.find(({ name }) => name === 'erm')!;
const start = startValues(parameters, 100);
const of = (name: string) => start[name]!.data;

/** Rows times a kernel, and a bias. */
function dense(x: ArrayLike<number>, layer: string): Float64Array {
  const [kernel, bias] = [of(`${layer}/kernel`), of(`${layer}/bias`)];
  const [out, width] = [bias.length, kernel.length / bias.length];
  return Float64Array.from({ length: (x.length / width) * out }, (_, place) => {
    const row = Math.floor(place / out);
    let sum = bias[place % out]!;
    for (let at = 0; at < width; at++) sum += x[row * width + at]! * kernel[at * out + (place % out)]!;
    return sum;
  });
}

const featuresOf = (inputs: ArrayLike<number>) =>
  dense(
    dense(inputs, 'dense1').map((value) => Math.max(0, value)),
    'dense2',
  );

const readOut = { kernel: of('read-out/kernel'), bias: of('read-out/bias') };

it.each([2, null])('gives the logits of PyTorch, with so many supports of each class: %s', (keep) => {
  const golden = t3a.find((one: { keep: number | null }) => one.keep === keep);
  const adapt = createT3a(readOut, keep);
  const inputs = batchInputs(5);
  for (const [batch, logits] of golden.logits.entries()) {
    const own = adapt(featuresOf(inputs.slice(48 * batch, 48 * batch + 48)));
    for (const [at, value] of logits.flat().entries()) expect(own[at]).toBeCloseTo(value, 7);
  }
});

it('answers with nothing for a class that has no support', () => {
  // Both columns are answered with class 0.
  const adapt = createT3a({ kernel: [1, 0, 0, 1], bias: [5, 0] }, null);
  const logits = adapt([1, 1]);
  expect(logits[1]).toBe(0);
  expect(logits[0]).toBeGreaterThan(0);
});
