import {
  abs,
  add,
  cast,
  div,
  greaterEqual,
  maximum,
  mean,
  mul,
  notEqual,
  sign,
  square,
  sub,
  type Tensor,
  tanh,
  where,
} from '@tensorflow/tfjs-core';
import type { Quantities } from '../../../engine/engine.js';
import type { Objective } from '../../objective.js';
import type { EnvironmentHead } from '../risks.js';
import { combineGradients, meanOf, riskGradients } from './environment-gradients.js';

/** Which elements of a parameter's gradient count, and how much, of its gradients in all environments. */
export type Mask = (gradients: readonly Tensor[], numbers: Quantities) => Tensor;

/** Keeps a mask of nothing from being divided by. */
const tiny = 1e-10;

/**
 * Updates along the mean gradient g of the environments where they agree: of each parameter array
 * mask · g / (mean of mask + 1e-10), the optimiser's own update.
 */
export function createMasked(of: EnvironmentHead, maskOf: Mask): Objective {
  return {
    step(tools, state, batch, numbers, network) {
      const each = riskGradients({ of, tools, network, numbers }, state.parameters, batch);
      const gradients = combineGradients(each, (one) => {
        const mask = maskOf(one, numbers);
        return div(mul(mask, meanOf(one)), add(mean(mask), tiny));
      });
      return {
        ...tools.update(state, gradients, numbers),
        loss: meanOf(each.map(({ risk }) => risk)),
      };
    },
  };
}

/**
 * AND-mask (Parascandolo, Neitz, Orvieto, Gresele & Schölkopf, Learning Explanations that are Hard to Vary, ICLR 2021):
 * an element counts where its gradients agree in sign, |mean_e sign g_e| >= `numbers.tau`, and not else.
 */
export const andMask: Mask = (gradients, { tau }) =>
  cast(greaterEqual(agreement(gradients), tau!), 'float32');

/**
 * SAND-mask (Shahtalebi, Gagnon-Audet, Laleh, Faramarzi, Ahuja & Rish, arXiv 2106.02266, 2021): how much an element counts
 * grows with how far its gradients agree in sign and with how little they vary,
 * max(0, tanh(k (|mean_e sign g_e| − τ) / Var_e g_e)), with unbiased variances over environments. Where that is 0/0 it is
 * 1e-17, as in DomainBed. With τ = 1 no element ever counts.
 */
export const sandMask: Mask = (gradients, { tau, k }) => {
  const center = meanOf(gradients);
  const variance = mul(
    meanOf(gradients.map((one) => square(sub(one, center)))),
    gradients.length / (gradients.length - 1),
  );
  const mask = maximum(tanh(mul(div(k!, variance), sub(agreement(gradients), tau!))), 0);
  return where(notEqual(mask, mask), 1e-17, mask);
};

/** How far gradients agree in sign, 0 .. 1, elementwise. */
function agreement(gradients: readonly Tensor[]): Tensor {
  return abs(meanOf(gradients.map((one) => sign(one))));
}
