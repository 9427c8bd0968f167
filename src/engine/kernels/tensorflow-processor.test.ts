import { execFileSync } from 'node:child_process';
import { grads, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../core/files/paths.js';
import { sizeOf } from '../../core/numbers/shape.js';
import { startEngine } from '../backends/start.js';
import { tensorFlow } from '../backends/tensorflow-backend.js';
import { layerNorm } from '../ops/norms/layer-norm.js';
import { runKernels } from '../ops/support/available.js';
import { randomValues, relativeError, runOn, whyNoTensorFlow } from '../testing/backends.js';
import { differentiableOps } from '../testing/differentiable-ops/index.js';
import { layerNormGradientKernel, reluBiasGradientKernel, softmaxKernel } from './names.js';

const reason = whyNoTensorFlow();

/** Long enough to be cut into parts for several threads; the last rows and columns fill no vector and no tile. */
const larger: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'layer norm, [5,8]': [[1100, 131], [131], [131]],
  'group norm, [2,3,3,8], 4 groups, around 0': [[33, 9, 11, 24], [24], [24]],
  'self-attention of 2 heads, 5 places': [[13, 45, 3 * 2 * 37]],
  'norms of modules': [[130, 9, 131], [131], [131], [9, 131], [9, 131]],
  'geglu of modules': [
    [130, 9, 131],
    [130, 9, 131],
    [9, 131],
  ],
};

const random = (shape: readonly number[], seed: number, range = 1) =>
  tensor(
    randomValues(sizeOf(shape), seed).map((value) => value * range),
    [...shape],
  );

/** A program that prints a hash of gradients that many rows add up to. */
const hashGradients = `
  const tf = require('@tensorflow/tfjs-node-gpu');
  const values = (size, seed) => Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + seed));
  const x = tf.tensor(values(3000 * 70, 1), [3000, 70]);
  const dy = tf.tensor(values(3000 * 70, 2), [3000, 70]);
  const outputs = tf.backend().executeMultipleOutputs('HeldoutReluBiasGrad', [], [dy, x], 2);
  const hash = require('node:crypto').createHash('sha256');
  for (const output of outputs) hash.update(new Uint8Array(output.dataSync().buffer));
  process.stdout.write(hash.digest('hex'));
`;

describe.skipIf(reason !== undefined)('our ops on the processor', () => {
  beforeAll(async () => {
    const engine = await startEngine({ backend: 'tensorflow', threads: 'auto' });
    expect(engine.notes).toHaveLength(1);
  });

  it.each(Object.entries(larger))('%s, of larger arrays, is as plain ops', (name, shapes) => {
    const op = differentiableOps.find((one) => one.name === name)!;
    const run = (apply: (...inputs: Tensor[]) => Tensor) =>
      runOn('tensorflow', () => {
        const inputs = shapes.map((shape, index) => random(shape, index + 1));
        const y = apply(...inputs);
        return [y, ...grads((...all) => apply(...all))(inputs, random(y.shape, 9))];
      });
    const expected = run(op.plain);
    for (const [index, found] of run(op.apply).entries()) {
      expect(relativeError(found, expected[index]!), `${index}`).toBeLessThan(2e-5);
    }
  });

  it('pass on what is not a number', () => {
    const [y] = runOn('tensorflow', () =>
      layerNorm(tensor([1, Number.NaN, 3, 4, 5, 6], [2, 3]), tensor([1, 1, 1]), tensor([0, 0, 0]), 1e-5),
    );
    expect([...y!.data].map(Number.isNaN)).toEqual([true, true, true, false, false, false]);
    const [softened] = runOn('tensorflow', () =>
      runKernels(softmaxKernel, { x: tensor([0, Number.NaN, 0, 0], [2, 2]) }),
    );
    expect([...softened!.data]).toEqual([Number.NaN, Number.NaN, 0.5, 0.5]);
  });

  it('give scores that are far below the highest no weight at all', () => {
    const [y] = runOn('tensorflow', () =>
      runKernels(softmaxKernel, { x: tensor([3, -1e9, 3, -200], [1, 4]) }),
    );
    expect([...y!.data]).toEqual([0.5, 0, 0.5, 0]);
  });

  it('keep the exponential within 3e-7 of the exact one', () => {
    const scores = Float32Array.from({ length: 4001 }, (_, index) => -index / 50);
    const [y] = runOn('tensorflow', () => runKernels(softmaxKernel, { x: tensor(scores, [1, 4001]) }));
    const exact = [...scores].map((score) => Math.exp(score));
    const sum = exact.reduce((a, b) => a + b);
    for (const [index, value] of exact.entries()) {
      const relative = Math.abs((y!.data[index]! * sum) / value - 1);
      expect(relative, `${scores[index]}`).toBeLessThan(3e-7);
    }
  });

  it('refuse arrays that do not fit together, and name what does not', () => {
    const [x, scale] = [random([4, 6], 1), random([5], 2)];
    expect(() => layerNorm(x, scale, scale, 1e-5)).toThrow('another width than the rows');
    const statistics = { mean: random([4], 3), inverse: random([4], 4) };
    expect(() =>
      runKernels(layerNormGradientKernel, { dy: random([4, 3], 5), x, scale: random([6], 2), ...statistics }),
    ).toThrow('another size');
    expect(() => runKernels(reluBiasGradientKernel, { dy: x, y: random([4, 5], 1) })).toThrow('another size');
    expect(() =>
      tensorFlow().executeSingleOutput('HeldoutBiasGrad', [{ name: 'replicas', type: 1, value: 3 }], [x]),
    ).toThrow('do not divide among the replicas');
  });

  it('give the same bits on any number of threads', () => {
    const hashes = ['1', '2', '3'].map((threads) =>
      execFileSync(process.execPath, ['-e', hashGradients], {
        cwd: projectRoot(),
        env: { ...process.env, TF_NUM_INTRAOP_THREADS: threads, TF_CPP_MIN_LOG_LEVEL: '2' },
        encoding: 'utf8',
      }),
    );
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(hashes).size).toBe(1);
  });
});

it.runIf(reason !== undefined)(`is skipped: ${reason}`, ({ skip }) => skip(reason));
