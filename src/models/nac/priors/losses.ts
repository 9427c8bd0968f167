import {
  add,
  clipByValue,
  concat,
  div,
  log,
  maximum,
  mean,
  mul,
  neg,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { distances, truncate } from '../links/links.js';

/** How far links are from an aligned graphon: the mean squared difference, or a divergence of Bernoulli variables. */
export type GraphonMeasure = 'squared' | 'divergence';

const least = 1e-6;

/**
 * The loss of link probabilities `[modules, modules]` that should be those of a graphon, aligned with the modules and of
 * that shape (`alignGraphon`): the mean of (P − Γ)², or of KL(Γ ‖ P) with P kept away from 0 and 1. A scalar.
 */
export function graphonLoss(links: Tensor, aligned: Tensor, measure: GraphonMeasure = 'squared'): Tensor {
  if (measure === 'squared') return mean(square(sub(links, aligned)));
  return mean(add(divergence(aligned, links), divergence(sub(1, aligned), sub(1, links))));
}

/** p · log(p / q), zero where p is. Of a complement it takes the complement, which float32 holds better near 1. */
function divergence(p: Tensor, q: Tensor): Tensor {
  return mul(p, sub(log(maximum(p, 1e-30)), log(clipByValue(q, least, 1 - least))));
}

/**
 * The repulsion of signatures that are closer than `threshold`: minus the sum of the distances of all such pairs, of
 * processors, read-out modules or any others together. A scalar.
 */
export function repulsionLoss(signatures: readonly Tensor[], threshold: number): Tensor {
  const all = concat([...signatures], 0);
  const distance = distances(all, all);
  // Both orders of a pair are there, and a module's distance to itself is zero.
  return neg(div(sum(truncate(distance, distance, threshold, 0)), 2));
}
