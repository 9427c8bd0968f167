import { grads, mul, type Scalar, sum, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../../engine/arrays.js';
import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import { fill, randomValues, relativeError, runOn, startBoth } from '../../engine/testing/backends.js';
import type { CircuitOptions } from './circuit.js';
import { disturbCodes, staticDesign } from './design/design.js';
import { seederParameters, seedStates } from './layers/seeder.js';
import { executeSmall, runCircuit } from './testing/run-circuit.js';
import { smallOptions, smallParameters } from './testing/small-circuit.js';

beforeAll(startBoth);

const codes = 'design/processors/codes';
const inputCodes = 'design/inputs/codes';
const inputSignatures = 'design/inputs/signatures';
const oneToOne: CircuitOptions = { ...smallOptions, inputs: 'one_to_one' };
const separate: CircuitOptions = { ...smallOptions, inputs: 'separate' };
/** Finite differences must not cut a link. */
const untruncated: CircuitOptions = { ...separate, links: { ...smallOptions.links!, truncation: null } };
const array = (shape: readonly number[], seed: number): NamedArray => ({
  shape,
  data: randomValues(shape[0]! * shape[1]!, seed),
});
const separateParameters: NamedArrays = {
  ...smallParameters(separate),
  [inputCodes]: array([4, 8], 31),
  [inputSignatures]: array([4, 4], 32),
};

describe('input modules', () => {
  it('one to one are the shared ones where their codes are equal, and others where they are not', () => {
    const shared = smallParameters();
    const before = runCircuit(shared).prediction;
    const equal = { ...shared, [inputCodes]: shared[codes]! };
    expect(runCircuit(equal, oneToOne).prediction.data).toEqual(before.data);
    const other = { ...shared, [inputCodes]: array([6, 8], 31) };
    expect(relativeError(runCircuit(other, oneToOne).prediction, before)).toBeGreaterThan(1e-2);
  });

  it('of their own may stand in any order', () => {
    const order = [2, 0, 3, 1];
    const permute = ({ shape, data }: NamedArray): NamedArray => {
      const width = shape[1]!;
      const rows = order.flatMap((row) => [...data.slice(row * width, (row + 1) * width)]);
      return { shape, data: Float32Array.from(rows) };
    };
    const permuted = {
      ...separateParameters,
      [inputCodes]: permute(separateParameters[inputCodes]!),
      [inputSignatures]: permute(separateParameters[inputSignatures]!),
    };
    const [before, after] = [separateParameters, permuted].map((one) => runCircuit(one, separate).prediction);
    expect(relativeError(after!, before!)).toBeLessThan(2e-6);
  });

  it.each([inputCodes, inputSignatures, codes, 'circuit/seeder/mean/kernel'])(
    'and the seeder have the gradients of finite differences: %s',
    (name) => {
      const weights = () => fill([3, 3], 11);
      const outcome = (parameters: Record<string, Tensor>) =>
        sum(mul(executeSmall(parameters, untruncated).prediction, weights())) as Scalar;
      const { shape, data } = separateParameters[name]!;
      const [slope] = runOn('wasm', () => {
        const tensors = toTensors(separateParameters);
        return grads(((x: Tensor) => outcome({ ...tensors, [name]: x })) as never)([tensors[name]!]);
      });
      const moved = (place: number, by: number) => {
        const changed = Float32Array.from(data).with(place, data[place]! + by);
        return runOn('wasm', () =>
          outcome(toTensors({ ...separateParameters, [name]: { shape, data: changed } })),
        )[0]!.data[0]!;
      };
      for (const place of [0, 3, 9, 14]) {
        const difference = (moved(place, 1e-2) - moved(place, -1e-2)) / 2e-2;
        expect(slope!.data[place]).toBeCloseTo(difference, 2);
      }
      expect(Math.max(...slope!.data.map(Math.abs))).toBeGreaterThan(1e-3);
    },
  );

  it('let processors start at random in training, and from means in evaluation', () => {
    const run = (key?: readonly [number, number]) =>
      runCircuit(separateParameters, { ...separate, links: undefined }, key).prediction.data;
    expect(run([1, 2])).not.toEqual(run([1, 3]));
    expect(run([1, 2])).toEqual(run([1, 2]));
    expect(run()).not.toEqual(run([1, 2]));
  });
});

it('the seeder draws around its means, with its deviations', () => {
  const [drawn, mean] = runOn('wasm', () => {
    const specs = Object.entries(seederParameters('seeder', 4));
    const parameters = toTensors(
      Object.fromEntries(
        specs.map(([name, { shape, initializer }]) => {
          const isBias = name === 'seeder/log-variance/bias';
          const value = initializer.kind === 'constant' ? initializer.value : isBias ? -5 : 0;
          return [name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) }];
        }),
      ),
    );
    const key = toTensors({ key: { shape: [2], data: Int32Array.of(3, 4) } }).key!;
    const seed = (random?: Tensor) =>
      seedStates(parameters, 'seeder', fill([2, 4], 5), { batch: 2000, random, salt: 0 });
    return [seed(key), seed()];
  });
  expect([drawn!.shape, mean!.shape]).toEqual([
    [2000, 2, 4],
    [2, 4],
  ]);
  const { data } = drawn!;
  const average = data.reduce((total, value) => total + value) / data.length;
  const variance = data.reduce((total, value) => total + (value - average) ** 2, 0) / data.length;
  expect(average).toBeCloseTo(0, 2);
  expect(Math.log(variance)).toBeCloseTo(-5, 1);
});

it('noise changes codes by no more than its share, and only in training', () => {
  const [before, after, still] = runOn('wasm', () => {
    const tensors = toTensors({
      ...separateParameters,
      key: { shape: [2], data: Int32Array.of(1, 2) },
    });
    const design = staticDesign(tensors, 'design');
    const { codes: disturbed } = disturbCodes(design, 0.05, tensors.key, 0);
    return [design.codes, disturbed, disturbCodes(design, 0.05, undefined, 0).codes];
  });
  const ratios = [...after!.data].map((value, at) => value / before!.data[at]!);
  expect(still!.data).toEqual(before!.data);
  expect(Math.min(...ratios)).toBeGreaterThan(0.9499);
  expect(Math.max(...ratios)).toBeLessThan(1.0501);
  expect(Math.max(...ratios) - Math.min(...ratios)).toBeGreaterThan(0.06);
});
