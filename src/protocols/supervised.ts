import { HeldoutError } from '../core/errors.js';
import type { Protocol } from './context.js';
import { evaluateNetwork } from './evaluation/evaluate-network.js';
import { prepareMaterial } from './prepare.js';
import { openNetwork } from './training/network.js';
import { trainNetwork } from './training/train-network.js';

/** Trains a network on the training set, then evaluates it. */
export const supervised: Protocol = {
  async run(context) {
    const material = await prepareMaterial(context.config, context.dataFolder);
    const network = await openNetwork(context, material);
    try {
      const trained = await trainNetwork(context, network);
      if (trained.outcome === 'interrupted') return trained;
      return { ...trained, ...(await evaluateNetwork(context, network)) };
    } finally {
      network.trainer.dispose();
    }
  },

  async evaluate(context) {
    const material = await prepareMaterial(context.config, context.dataFolder);
    const network = await openNetwork(context, material);
    try {
      const { step } = network.start;
      if (step < context.config.training.steps) {
        throw new HeldoutError({
          code: 'E_RUN_NOT_TRAINED',
          message: `run ${context.run.id} has made ${step} of ${context.config.training.steps} steps, so there is nothing to evaluate yet`,
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
