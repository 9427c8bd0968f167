import { scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { randomUniform } from '../../../engine/ops/random-uniform.js';
import type { ParameterSpec } from '../../model.js';
import { distances, linkLogits, linkProbabilities, logProbabilities } from './links.js';
import { sampleLogLinks } from './sample-links.js';

/** How signatures decide who hears whom. */
export interface LinkOptions {
  /** τ: the cosine distance beyond which modules are not linked; null: none. */
  readonly truncation: number | null;
  /** T of the relaxed Bernoulli distribution that links are drawn from in training; null: they are not drawn. */
  readonly temperature: number | null;
  /** Whether the bandwidth ε is learned, from 1 on; else it stays 1. */
  readonly learnBandwidth: boolean;
}

/** `<name>/bandwidth`, a scalar, if it is learned. */
export function linkParameters(
  name: string,
  options: LinkOptions | undefined,
): Readonly<Record<string, ParameterSpec>> {
  if (options?.learnBandwidth !== true) return {};
  return { [`${name}/bandwidth`]: { shape: [], initializer: { kind: 'constant', value: 1 } } };
}

export interface Draw {
  readonly batch: number;
  /** Key of the step's draws; absent in evaluation, which draws nothing. */
  readonly random: Tensor | undefined;
  readonly salt: number;
}

/**
 * log K of the links from senders to receivers: drawn for every example where a step has a key, log P without one.
 * `[receivers, senders]` or with a batch axis in front.
 */
export function logLinks(
  parameters: TensorMap,
  name: string,
  [receivers, senders]: readonly [receivers: Tensor, senders: Tensor],
  options: LinkOptions,
  { batch, random, salt }: Draw,
): Tensor {
  const distance = distances(receivers, senders);
  const bandwidth = readBandwidth(parameters, name);
  if (random === undefined || options.temperature === null) {
    return logProbabilities(distance, bandwidth, options);
  }
  const uniform = randomUniform([batch, ...distance.shape.slice(-2)], random, salt);
  return sampleLogLinks(linkLogits(distance, bandwidth, options), uniform, options.temperature);
}

/** P of the links from senders to receivers, with the bandwidth of the attention called `name`. */
export function probabilitiesOf(
  parameters: TensorMap,
  name: string,
  [receivers, senders]: readonly [receivers: Tensor, senders: Tensor],
  options: LinkOptions,
): Tensor {
  return linkProbabilities(distances(receivers, senders), readBandwidth(parameters, name), options);
}

function readBandwidth(parameters: TensorMap, name: string): Tensor {
  return parameters[`${name}/bandwidth`] ?? scalar(1);
}
