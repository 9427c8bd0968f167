import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import type { Engine, NamedArrays } from '../engine/engine.js';
import { readGradients } from '../models/testing/gradients.js';
import type { AdversarialOptions } from './adversarial.js';
import { loadObjective } from './index.js';
import { withoutObjective } from './own-parameters.js';
import { arraysOf, type Batch, columnOf, hired, rowsOf } from './testing/people.js';
import { numbersOf } from './traits.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

const people: Batch = { outputs: [2, -1, 0.5, -0.25], truth: [1, 0, 1, 0], group: [1, 1, 0, 0] };
const configOf = (criterion: AdversarialOptions['criterion'], strength = 1) =>
  ({ name: 'adversarial', criterion, strength, shuffled: false }) as const;
const load = async (criterion: AdversarialOptions['criterion'], groups: number) =>
  (await loadObjective(configOf(criterion), [hired], { groups })).opponent!;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The adversary's loss, with plain numbers; `kernel` has a row for each thing that it is given. */
function expected(
  { outputs, truth, group }: Batch,
  sharpness: number,
  kernel: readonly (readonly number[])[],
  bias: readonly number[],
): number {
  const losses = (outputs as readonly number[]).map((f, at) => {
    const s = sigmoid((1 + Math.abs(sharpness)) * f);
    const given = [s, s * truth[at]!, s * (1 - truth[at]!)];
    const read = bias.map((start, column) =>
      kernel.reduce((total, row, index) => total + row[column]! * given[index]!, start),
    );
    const logits = read.length === 1 ? [0, read[0]!] : read;
    return Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0)) - logits[group[at]!]!;
  });
  return losses.reduce((total, loss) => total + loss, 0) / losses.length;
}

const cases = [
  ['demographic_parity', people, [[0.7]], [-0.2]],
  ['equalized_odds', people, [[0.7], [-0.4], [1.1]], [-0.2]],
  ['demographic_parity', { ...people, group: [2, 1, 0, 2] }, [[0.7, -0.5, 0.2]], [-0.2, 0.1, 0]],
] as const;

describe('an adversary', () => {
  it.each(cases)(
    'has the loss and the gradients of its definition: %s',
    async (criterion, batch, kernel, bias) => {
      const opponent = await load(criterion, bias.length === 1 ? 2 : bias.length);
      const [{ prediction }, given] = arraysOf(batch);
      const parameters: NamedArrays = {
        prediction: prediction!,
        'adversary/sharpness': columnOf([0.6]),
        'adversary/kernel': rowsOf(kernel),
        'adversary/bias': columnOf(bias),
      };
      const shapes = Object.values(opponent.parameters).map(({ shape }) => shape);
      expect(shapes).toEqual(
        Object.values(parameters)
          .slice(1)
          .map(({ shape }) => shape),
      );
      const found = readGradients(
        engine,
        parameters,
        (all, own) => opponent.loss(all, { prediction: all.prediction! }, own, {}),
        given,
      );
      expect(found.loss).toBeCloseTo(expected(batch, 0.6, kernel, bias), 5);
      const h = 1e-4;
      const slope = (loss: (by: number) => number) => (loss(h) - loss(-h)) / (2 * h);
      const { prediction: ofF, ...own } = found.gradients;
      batch.outputs.forEach((output, at) => {
        const moved = (by: number) => ({
          ...batch,
          outputs: batch.outputs.with(at, (output as number) + by),
        });
        expect(ofF!.data[at]).toBeCloseTo(
          slope((by) => expected(moved(by), 0.6, kernel, bias)),
          5,
        );
      });
      expect(own['adversary/sharpness']!.data[0]).toBeCloseTo(
        slope((by) => expected(batch, 0.6 + by, kernel, bias)),
        5,
      );
      kernel.flat().forEach((_, at) => {
        const moved = (by: number) =>
          kernel.map((row, y) => row.map((value, x) => value + (y * row.length + x === at ? by : 0)));
        expect(own['adversary/kernel']!.data[at]).toBeCloseTo(
          slope((by) => expected(batch, 0.6, moved(by), bias)),
          5,
        );
      });
    },
  );

  it('leaves of a gradient what does not help it, and the strength of what harms it', async () => {
    const { combine } = await load('demographic_parity', 2);
    const [first, second] = [
      { a: [3, -1], b: [2] },
      { a: [1, 2], b: [-2] },
    ];
    const [strength, tensors] = [
      0.3,
      (of: typeof first) => ({ a: tensor(of.a) as Tensor, b: tensor(of.b) as Tensor }),
    ];
    const combined = tidy(() => {
      const { a, b } = combine(tensors(first), tensors(second), { strength });
      return [...a!.dataSync(), ...b!.dataSync()];
    });
    const opposing = [...second.a, ...second.b];
    const dot = (x: readonly number[], y: readonly number[]) =>
      x.reduce((sum, each, at) => sum + each * y[at]!, 0);
    const rest = combined.map((each, at) => each + strength * opposing[at]!);
    expect(dot(rest, opposing)).toBeCloseTo(0, 5);
    // What is left differs from the first gradient along the second one alone.
    const share = dot([...first.a, ...first.b], opposing) / dot(opposing, opposing);
    expect(rest).toEqual(
      [...first.a, ...first.b].map((each, at) => expect.closeTo(each - share * opposing[at]!, 5)),
    );
    const nothing = tidy(() => [
      ...combine(tensors(first), tensors({ a: [0, 0], b: [0] }), { strength }).a!.dataSync(),
    ]);
    expect(nothing).toEqual(first.a);
  });

  it('has parameters that belong to no model, and a strength that enters a step', async () => {
    const { parameters } = await load('equalized_odds', 2);
    expect(withoutObjective({ ...parameters, 'read-out/kernel': 1 })).toEqual({ 'read-out/kernel': 1 });
    expect(numbersOf(configOf('equalized_odds', 4), 0)).toEqual({ strength: 4 });
  });
});
