import { mean, reshape, square } from '@tensorflow/tfjs-core';
import type { Engine, TrainerOptions } from '../engine.js';
import { convolution, linear } from '../ops/fused.js';
import { groupNorm } from '../ops/norms/group-norm.js';
import type { OpsProfile, StepProfile } from '../profile/profile.js';
import { profileAsRun, profileOpByOp } from '../profile/profile-step.js';
import { adam, arrays } from './network.js';

const parameters = arrays(
  {
    'encoder/conv/kernel': [3, 3, 2, 8],
    'encoder/conv/bias': [8],
    'encoder/norm/scale': [8],
    'encoder/norm/shift': [8],
    'read-out/kernel': [8 * 36, 3],
    'read-out/bias': [3],
  },
  1,
);

/** A convolution, a norm that is many ops, and a linear layer. */
const options: TrainerOptions = {
  parameters,
  optimizer: adam,
  loss: (p, { image }) => {
    const [kernel, bias] = [p['encoder/conv/kernel']!, p['encoder/conv/bias']!];
    const h = convolution(image!, kernel, bias, { stride: 1, padding: 'same', activation: 'relu' });
    const [scale, shift] = [p['encoder/norm/scale']!, p['encoder/norm/shift']!];
    const normal = groupNorm(h, scale, shift, { groups: 2, epsilon: 1e-5 });
    return mean(square(linear(reshape(normal, [5, -1]), p['read-out/kernel']!, p['read-out/bias']!)));
  },
};

/** The profile of a small network on a started engine. */
export async function profileSmallNetwork(
  engine: Engine,
): Promise<{ readonly asRun: StepProfile; readonly opByOp: OpsProfile }> {
  const request = {
    engine,
    options,
    inputs: { learningRate: 0.01 },
    batch: (step: number) => arrays({ image: [5, 6, 6, 2] }, 100 + step),
    seconds: 0.2,
    signal: new AbortController().signal,
  };
  return { asRun: await profileAsRun(request), opByOp: await profileOpByOp(request) };
}

/** FLOPs of the network's step: the convolution and its filter gradient, the product and both of its gradients. */
export const matrixFlops = 2 * (2 * 5 * 36 * 8 * 18) + 3 * (2 * 5 * 288 * 3);
