import {
  add,
  mean,
  mul,
  neg,
  relu,
  reshape,
  type Scalar,
  softplus,
  sub,
  type Tensor,
  tanh,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { constantOf } from '../../../engine/ops/detached.js';
import { tellAs } from '../../../engine/ops/reverse-gradient.js';
import type { Objective } from '../../objective.js';
import { applyNet, denseNet, leakyRelu } from '../dense-net.js';
import { drawn } from '../draws.js';
import { type EnvironmentHead, exampleLosses } from '../risks.js';
import { discriminatorPart } from './turns.js';

export interface UrmOptions {
  /** What bounds the features. */
  readonly output: 'tanh' | 'relu';
  /** Of the discriminator's hidden layers. */
  readonly width: number;
  /** Hidden layers beyond the first. */
  readonly hidden_layers: number;
}

/**
 * Uniform risk minimisation (Krishnamachari, Ng & Foo, Uniformly Distributed Feature Representations for Fair and Robust
 * Learning, TMLR 2024), as in DomainBed. A discriminator tells uniform noise u in [−1, 1) from features h, which pass
 * through tanh (or ReLU) before the read-out; network and discriminator descend
 *
 *     CE + w mean softplus(−D(h))      and      mean softplus(−D(u)) + w mean softplus(D(h)),
 *
 * w `numbers.strength`, each with the other held, both at the weights of before the step. Its loss is the network's.
 */
export function createUrm(
  { output, width: hidden, hidden_layers }: UrmOptions,
  of: EnvironmentHead,
  width: number,
): Objective {
  const net = denseNet(discriminatorPart, [width, ...Array<number>(hidden_layers + 1).fill(hidden), 1]);
  const bounded = (features: Tensor) => (output === 'tanh' ? tanh(features) : relu(features));
  const said = (parameters: TensorMap, x: Tensor) => applyNet(net, parameters, x, leakyRelu);
  return {
    parts: net.parameters,
    loss(outputs, batch, numbers, { all, network }) {
      const features = bounded(outputs.features!);
      const losses = exampleLosses(of, { prediction: network.readOut(all, features) }, batch);
      const held = Object.fromEntries(
        Object.keys(net.parameters).map((name) => [name, constantOf(all[name]!)]),
      );
      const hidden = mul(mean(softplus(neg(said(held, features)))), numbers.strength!);
      const own = add(mean(losses), hidden);
      const noise = sub(mul(reshape(batch[drawn.noise]!, features.shape), 2), 1);
      const told = mean(softplus(neg(said(all, noise))));
      const found = mean(softplus(said(all, constantOf(features))));
      const opposing = add(told, mul(found, numbers.strength!));
      return tellAs(add(own, opposing), own) as Scalar;
    },
    predict: (network, parameters, inputs) =>
      network.readOut(parameters, bounded(network.apply(parameters, inputs, {}).features!)),
  };
}
