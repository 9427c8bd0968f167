import { conv2d as convolve, max, mul, relu, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TensorMap } from '../engine.js';
import { watchGraphs } from '../profile/watch-graphs.js';
import { arrays } from '../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';
import { createInference } from './inference.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const parameters = arrays({ kernel: [3, 3, 2, 16] }, 1);
const batchOf = (size: number) => arrays({ image: [size, 40, 40, 2] }, 2);

/** Large enough for shares. */
const features = (p: TensorMap, image: Tensor) =>
  relu(convolve(image as Tensor4D, p.kernel as Tensor4D, 1, 'same'));

/** Runs once; returns the outputs and how many nodes the graph has. */
function run(apply: Parameters<typeof createInference>[0], size: number) {
  const watch = watchGraphs();
  const inference = createInference(apply, { xla: false });
  try {
    const outputs = inference.run(0, () => parameters, batchOf(size));
    return { outputs, nodes: watch.nodes };
  } finally {
    inference.dispose();
    watch.end();
  }
}

function splitThreads(): void {
  vi.stubEnv('TF_NUM_INTRAOP_THREADS', '1');
  vi.stubEnv('TF_NUM_INTEROP_THREADS', '2');
}

function expectWhole(apply: Parameters<typeof createInference>[0]): void {
  const { nodes } = run(apply, 6);
  splitThreads();
  expect(run(apply, 6).nodes).toBe(nodes);
}

describe.skipIf(!tensorFlowWorks)('inference', () => {
  it('divides a large batch among threads that run ops side by side', () => {
    const apply = (p: TensorMap, { image }: TensorMap) => ({ prediction: features(p, image!) });
    const whole = run(apply, 6);
    splitThreads();
    const divided = run(apply, 6);
    expect(divided.nodes).toBe(2 * whole.nodes);
    expect(divided.outputs.prediction!.shape).toEqual([6, 40, 40, 16]);
    const expected = whole.outputs.prediction!.data;
    for (const [index, value] of divided.outputs.prediction!.data.entries()) {
      expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-5);
    }
    expect(run(apply, 5).nodes, 'an odd number of examples').toBe(whole.nodes);
  });

  it('keeps a batch whole where an output is not one of its examples', () => {
    const apply = (p: TensorMap, { image }: TensorMap) => {
      const prediction = features(p, image!);
      return { prediction, highest: max(prediction) };
    };
    expectWhole(apply);
  });

  it('keeps small batches whole', () => {
    const apply = (_: TensorMap, { image }: TensorMap) => ({ prediction: mul(image!, 2) });
    expectWhole(apply);
  });
});
