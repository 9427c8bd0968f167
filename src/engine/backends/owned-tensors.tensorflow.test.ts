import { add, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('a tensor that is made of an array', () => {
  it.each([0, 4, 8, 12])('owns its values, with %d numbers before them in memory', (offset) => {
    // The binding lends V8's memory to TensorFlow where an address suits, as some of these do.
    const values = new Float32Array(32).subarray(offset, offset + 16).fill(1);
    const seen = tidy(() => {
      const made = tensor(values);
      add(made, 0).dataSync();
      values.fill(9);
      return add(made, 0).dataSync();
    });
    expect([...seen]).toEqual(Array(16).fill(1));
  });
});
