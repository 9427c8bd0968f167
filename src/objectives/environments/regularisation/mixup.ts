import {
  add,
  concat,
  gather,
  mean,
  mul,
  reshape,
  type Scalar,
  slice,
  sub,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { drawPrefix } from '../../../engine/resident.js';
import type { DirectLoss } from '../../objective.js';
import { drawn } from '../draws.js';
import { byEnvironment, type EnvironmentHead, exampleLosses } from '../risks.js';

/**
 * Inter-domain mixup (Yan, Song, Li, Zou & Ren, Improve Unsupervised Domain Adaptation with Mixup Training, 2020; Zhang,
 * Cisse, Dauphin & Lopez-Paz, mixup, ICLR 2018): of the environments in a drawn order o, `batch['draws/order']`, each is
 * mixed with the next, the last with the first, row by row, by λ_k, `batch['draws/share']`,
 *
 *     mean_k [λ_k CE(f(x), y_i) + (1 − λ_k) CE(f(x), y_j)],   x = λ_k x_i + (1 − λ_k) x_j,   i = o_k, j = o_k+1.
 *
 * It applies the network to inputs `[environments × examples, ...]` that are mixed.
 */
export function createMixup(of: EnvironmentHead): DirectLoss {
  return (network, batch, numbers, { all }) => {
    const order = batch[drawn.order]!;
    const next = concat([slice(order, 1), slice(order, 0, 1)], 0);
    const share = batch[drawn.share]!;
    const inputs = Object.entries(inputsOf(batch)).map(([name, rows]) => {
      const [own, other] = [order, next].map((from) => byEnvironmentIn(from, of, rows));
      return [name, reshape(mix(share, own!, other!), rows.shape)];
    });
    const outputs = network.apply(all, Object.fromEntries(inputs), numbers);
    const [own, other] = [order, next].map((from) => {
      const target = reshape(byEnvironmentIn(from, of, batch.target!), batch.target!.shape);
      return exampleLosses(of, outputs, { target });
    });
    return mean<Scalar>(mix(share, own!, other!));
  };
}

/** `[environments, examples, ...]`, with the environments in an order of their own. */
function byEnvironmentIn(order: Tensor, of: EnvironmentHead, rows: Tensor): Tensor {
  return gather(byEnvironment(of, rows), order as Tensor1D);
}

/** share × own + (1 − share) × other, with a share for each environment. */
function mix(share: Tensor, own: Tensor, other: Tensor): Tensor {
  const weights = reshape(share, [-1, ...own.shape.slice(1).map(() => 1)]);
  return add(mul(own, weights), mul(other, sub(1, weights)));
}

/** What the network reads of a batch. */
function inputsOf(batch: TensorMap): TensorMap {
  return Object.fromEntries(
    Object.entries(batch).filter(([name]) => name !== 'target' && !name.startsWith(drawPrefix)),
  );
}
