import { getGradient, getKernelsForBackend } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { startEngine } from '../backends/start.js';
import { matrixFlops, profileSmallNetwork } from '../testing/profiled.js';

const listRegistered = () =>
  getKernelsForBackend('wasm').map(({ kernelName, kernelFunc }) => [
    kernelName,
    kernelFunc,
    getGradient(kernelName)?.gradFunc,
  ]);

it('divides a step on wasm among ops and layers, and leaves the kernels as they were', async () => {
  const engine = await startEngine({ backend: 'wasm', threads: 'auto' });
  const before = new Set(listRegistered().flat());
  const { asRun, opByOp } = await profileSmallNetwork(engine);
  expect(
    listRegistered()
      .flat()
      .filter((one) => !before.has(one)),
  ).toEqual([]);

  expect(asRun).toMatchObject({ compiled: false, xla: false, stepsPerCall: 1 });
  expect(asRun.step.n).toBeGreaterThanOrEqual(5);
  expect(asRun.parts).toBeUndefined();
  expect(opByOp.ops.map(({ op }) => op)).toEqual(
    expect.arrayContaining(['HeldoutConvolution', 'HeldoutLinear', 'HeldoutAdam', 'Conv2DBackpropFilter']),
  );
  expect(opByOp.ops.find(({ op }) => op === 'HeldoutAdam')).toMatchObject({ calls: 6 });
  const layers = opByOp.layers.map(({ layer }) => layer);
  expect(layers).toEqual(['encoder/conv', 'encoder/norm', 'read-out', 'between layers', 'optimiser']);
  const parts = opByOp.layers.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  expect(parts).toBeCloseTo(opByOp.milliseconds, 6);
  expect(opByOp.milliseconds).toBeLessThan(2 * opByOp.step.maximum);
  for (const { layer, forward, backward, milliseconds } of opByOp.layers) {
    if (layer !== 'optimiser') expect(forward + backward).toBeCloseTo(milliseconds, 6);
  }
});

it('counts the matrix work', async () => {
  const engine = await startEngine({ backend: 'wasm', threads: 'auto' });
  const { opByOp } = await profileSmallNetwork(engine);
  const norm = opByOp.layers.find(({ layer }) => layer === 'encoder/norm')!;
  // Sums of the norm are products with a row of ones.
  expect(opByOp.matrix.flops - norm.flops).toBe(matrixFlops);
});
