import { getBackend, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/numbers/shape.js';
import { findAddon } from '../backends/addon.js';
import { startEngine } from '../backends/start.js';

/** For tests: starts wasm with our kernels, beside the cpu backend as the reference. */
export async function startBoth(): Promise<void> {
  await startEngine({ backend: 'wasm', threads: 'auto' });
}

/**
 * Why a test of the tensorflow tier does not run here, or undefined. Such a test stands in `x.tensorflow.test.ts`: a
 * process runs on one tier, and by that name the tests find those that may share one.
 */
export function whyNoTensorFlow(): string | undefined {
  return findAddon() === undefined ? 'the addon of the tensorflow tier has not been built' : undefined;
}

export type BackendName = 'wasm' | 'cpu' | 'tensorflow';

export interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Runs a function of tensors on one backend and brings the results home. */
export function runOn(backend: BackendName, compute: () => Tensor | Tensor[]): Values[] {
  const before = getBackend();
  setBackend(backend);
  const results: Values[] = [];
  try {
    tidy(() => {
      const outputs = compute();
      for (const output of Array.isArray(outputs) ? outputs : [outputs]) {
        results.push({ shape: output.shape, data: Float32Array.from(output.dataSync()) });
      }
    });
  } finally {
    setBackend(before);
  }
  return results;
}

/** Numbers in [-1, 1) that depend on the seed alone (mulberry32). */
export function randomValues(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

/** The largest difference, relative to the largest value of the reference. */
export function relativeError(found: Values, expected: Values): number {
  if (found.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let scale = 1e-30;
  for (const [index, value] of expected.data.entries()) {
    difference = Math.max(difference, Math.abs(value - found.data[index]!));
    scale = Math.max(scale, Math.abs(value));
    if (Number.isNaN(value) !== Number.isNaN(found.data[index]!)) return Number.POSITIVE_INFINITY;
  }
  return difference / scale;
}

/** A tensor of random values. */
export function fill(shape: readonly number[], seed: number): Tensor {
  return tensor(randomValues(sizeOf(shape), seed), [...shape]);
}
