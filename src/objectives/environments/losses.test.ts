import {
  gather,
  grad,
  reshape,
  scalar,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  zeros,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import type { Head } from '../../variables/targets.js';
import { loadObjective } from '../index.js';
import type { Network } from '../objective.js';
import { evenShares, kernelDistance } from './alignment/kernel-distance.js';
import { momentDistance, momentsOf, momentsOfMembers } from './alignment/moments.js';
import { upperQuantile } from './regularisation/rsc.js';
import { densityOf, quantileOf } from './worst-case/quantile.js';

beforeAll(async () => {
  await startEngine({ backend: 'wasm', threads: 1 });
});

const numbers = (values: Tensor) => [...values.dataSync()];

/** NumPy's percentile of (1 - dropped) * 100. */
function percentile(values: readonly number[], dropped: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (values.length - 1) * (1 - dropped);
  const below = Math.floor(place);
  return (
    sorted[below]! + (place - below) * (sorted[Math.min(below + 1, values.length - 1)]! - sorted[below]!)
  );
}

describe('a quantile', () => {
  it('lies between two elements as that of NumPy', () => {
    const value = fc.integer({ min: -99, max: 99 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 9 }),
        fc.integer({ min: 0, max: 9 }),
        (row, tenths) => {
          const [found] = numbers(upperQuantile(tensor1d(row), tenths / 10));
          expect(found).toBeCloseTo(percentile(row, tenths / 10), 2);
        },
      ),
    );
  });

  it('is an element itself where its place is whole but for rounding', () => {
    const rows = tensor2d([0.1, 0.4, 0.2, 0.3, 7, 5, 6, 8], [2, 4]);
    expect(numbers(upperQuantile(rows, 1 / 3))).toEqual([Math.fround(0.3), 7]);
    expect(numbers(upperQuantile(rows, scalar(1 / 3)))).toEqual([Math.fround(0.3), 7]);
  });

  it('of equal risks is their value, with a finite gradient', () => {
    const equal = tensor1d([0.7, 0.7, 0.7]);
    const of = (risks: Tensor) => quantileOf(densityOf(risks), 0.75, 0.6744897501960817);
    expect(numbers(of(equal))[0]).toBeCloseTo(0.7, 5);
    for (const slope of numbers(grad(of)(equal))) expect(slope).toBeCloseTo(1 / 3, 3);
  });
});

describe('distances of groups', () => {
  const rowsOf = (count: number) => {
    const values = Array.from({ length: 3 * count }, (_, at) => Math.sin(at * at));
    return tensor2d(values, [count, 3]);
  };
  const blocksOf = (rows: Tensor, groups: number) => reshape(rows, [groups, -1, 3]);

  it('in moments are the same of blocks and of members', () => {
    const rows = rowsOf(8);
    const members = tensor2d([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1], [2, 8]);
    const ofBlocks = momentDistance(momentsOf(blocksOf(rows, 2)));
    const ofMembers = momentDistance(momentsOfMembers(rows, members, tensor1d([4, 4])));
    expect(numbers(ofMembers)[0]).toBeCloseTo(numbers(ofBlocks)[0]!, 6);
  });

  it('are the means of those of their pairs', () => {
    const rows = rowsOf(6);
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ].map((pair) => reshape(gather(blocksOf(rows, 3), tensor1d(pair, 'int32')), [4, 3]));
    const expectMean = (distance: (rows: Tensor, groups: number) => Tensor) => {
      const each = pairs.map((pair) => numbers(distance(pair, 2))[0]!);
      const mean = each.reduce((total, value) => total + value, 0) / 3;
      expect(numbers(distance(rows, 3))[0]).toBeCloseTo(mean, 5);
    };
    expectMean((of, groups) => momentDistance(momentsOf(blocksOf(of, groups))));
    expectMean((of, groups) => kernelDistance(of, evenShares(groups, of.shape[0]!), [0.1, 1]));
  });

  it('are 0 of equal groups, where the gradient is 0, too', () => {
    const twice = tensor2d([1, 2, 3, 4, 1, 2, 3, 4], [4, 2]);
    const distance = (of: Tensor) => kernelDistance(of, evenShares(2, 4), [1, 1000]);
    expect(numbers(distance(twice))[0]).toBeCloseTo(0, 6);
    for (const slope of numbers(grad(distance)(twice))) expect(slope).toBeCloseTo(0, 6);
  });
});

describe('mtl', () => {
  const head: Head = { name: 'label', kind: 'categorical', start: 0, width: 2 };
  const network: Network = {
    apply: (_, { features }) => ({ prediction: zeros([features!.shape[0]!, 2]), features: features! }),
    readOut: () => zeros([1, 2]),
    width: 3,
  };
  const predict = async (noise: boolean, features: Tensor) => {
    const config = { name: 'mtl', ema: 0.99, noise } as const;
    const objective = await loadObjective(config, [head], { environments: 2, width: 3 });
    const parameters = { 'parts/embedding/kernel': tensor2d([1, 0, 0, 1, 0, 0], [3, 2]) };
    return objective.predict!(network, parameters, { features });
  };

  it('predicts by the mean of the batch', async () => {
    const features = tensor2d([1, 2, 9, 3, 4, 9], [2, 3]);
    expect(numbers(await predict(false, features))).toEqual([2, 3, 2, 3]);
  });

  it('predicts by noise that is the same for every batch, if by noise', async () => {
    const [one, other] = [await predict(true, tensor([[1, 2, 3]])), await predict(true, zeros([1, 3]))];
    expect(numbers(one)).toEqual(numbers(other));
    expect(numbers(sum(one))[0]).not.toBe(0);
  });
});
