import { HeldoutError } from '../core/errors.js';
import type { JobContext, Protocol } from './context.js';
import { requireAdaptable } from './evaluation/adaptation/adapt-to-sets.js';
import { requireAttackable } from './evaluation/attacks/attack-network.js';
import { planCorruptions } from './evaluation/corruption-plan.js';
import { planDetection } from './evaluation/detect-outside.js';
import { evaluateNetwork } from './evaluation/evaluate-network.js';
import { requireMeasurable } from './evaluation/generalisation/measure-network.js';
import { requireProbes } from './evaluation/probe-network.js';
import { planShifts } from './evaluation/shift/measure-shifts.js';
import { type Material, prepareMaterial } from './prepare.js';
import { stepsOf } from './steps.js';
import { trainNetwork } from './training/loop/train-network.js';
import { beginWithWeights } from './training/start/begin-with-weights.js';
import { type Begin, type Network, openNetwork } from './training/start/network.js';

/** Trains a network on the training set, then evaluates it. */
export const supervised: Protocol = trainAndEvaluate(
  ({ config, dataFolder }) => prepareMaterial(config, dataFolder),
  beginWithWeights,
);

/**
 * The same on whatever material.
 * @param begin Changes what the network begins with.
 */
export function trainAndEvaluate(
  prepare: (context: JobContext) => Promise<Material>,
  begin?: Begin,
): Protocol {
  return {
    async run(context) {
      const { signal } = context;
      const material = await prepare(context);
      let network: Network;
      try {
        network = await openNetwork(context, material, begin);
      } catch (error) {
        if (signal.aborted && error === signal.reason) return { outcome: 'interrupted', step: 0 };
        throw error;
      }
      try {
        // Before hours of training rather than after.
        requireProbes(context.config, network);
        requireAttackable(context.config, material);
        await planCorruptions(context, material);
        planDetection(context.config, network);
        planShifts(context.config, network);
        requireMeasurable(context.config, material);
        requireAdaptable(context.config, network);
        const trained = await trainNetwork(context, network);
        if (trained.outcome === 'interrupted') return trained;
        return { ...trained, ...(await evaluateNetwork(context, network)) };
      } finally {
        network.trainer.dispose();
      }
    },

    async evaluate(context) {
      const network = await openNetwork(context, await prepare(context), begin);
      try {
        const { step } = network.start;
        const steps = stepsOf(context.config);
        if (step < steps) {
          throw new HeldoutError({
            code: 'E_RUN_NOT_TRAINED',
            message: `run ${context.run.id} has made ${step} of ${steps} steps, so there is nothing to evaluate yet`,
            hints: ['run the command that started it again: it continues where it was'],
            exitCode: 1,
          });
        }
        context.run.finishTraining(step);
        return await evaluateNetwork(context, network);
      } finally {
        network.trainer.dispose();
      }
    },
  };
}
