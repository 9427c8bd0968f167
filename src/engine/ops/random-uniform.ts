import { cast, stack, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/numbers/shape.js';
import { statelessUniform } from '../../random/philox.js';
import type { Quantities } from '../engine.js';
import { randomUniform as kernelName } from '../kernels/names.js';
import { isAvailable, runKernel } from './support/available.js';
import { asTensor } from './support/quantity.js';

/**
 * Uniform numbers in [0, 1), multiples of 2^−23, of a shape. They depend on `key`, int32 `[2]`, and on `salt`, an
 * integer that names the draw, alone: the same bits on every tier, compiled or not. No gradient.
 */
export function randomUniform(shape: readonly number[], key: Tensor, salt: number): Tensor {
  if (isAvailable(kernelName)) return runKernel(kernelName, { key }, { shape: [...shape], salt });
  const [a, b] = key.dataSync() as unknown as [number, number];
  return tensor(statelessUniform(a, (b + salt) | 0, sizeOf(shape)), [...shape]);
}

/** The numbers of a step that its key enters by. */
const [first, second] = ['random/first', 'random/second'];

/** A key as inputs of a step: two integers below 2^24, which enter it exactly. */
export function keyInputs([a, b]: readonly [number, number]): Readonly<Record<string, number>> {
  return { [first!]: a, [second!]: b };
}

/** The key of the step that such inputs have entered, int32 `[2]`. */
export function readKey(numbers: Quantities): Tensor {
  const parts = [numbers[first!], numbers[second!]];
  const [a, b] = parts;
  if (a === undefined || b === undefined) throw new Error('this step has no key for random numbers');
  if (typeof a === 'number' && typeof b === 'number') return tensor1d([a, b], 'int32');
  return cast(stack([asTensor(a), asTensor(b)]), 'int32');
}
