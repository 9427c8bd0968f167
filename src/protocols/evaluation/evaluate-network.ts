import type { JobContext, JobEnd } from '../context.js';
import { stepsOf } from '../steps.js';
import type { Network } from '../training/start/network.js';
import { adaptToSets } from './adaptation/adapt-to-sets.js';
import { attackNetwork } from './attacks/attack-network.js';
import { detectOutside } from './detect-outside.js';
import { evaluate } from './evaluate.js';
import { measureNetwork } from './generalisation/measure-network.js';
import { createPredictor } from './predict.js';
import { probeNetwork } from './probe-network.js';
import { predictorOptions } from './read-network.js';
import { scoreCorrupted } from './score-corrupted.js';
import { measureShifts } from './shift/measure-shifts.js';

/** Predictions and record of a network as it is, with what else the config asks for. */
export async function evaluateNetwork(
  context: JobContext,
  network: Pick<Network, 'material' | 'model' | 'trainer' | 'engine'>,
): Promise<JobEnd> {
  const { material, engine } = network;
  const { adaptation } = context.config.evaluation;
  const evaluated = await evaluate(
    context,
    material,
    (progress) => {
      const options = predictorOptions(context.config, network, progress);
      return adaptToSets(context, network, options) ?? createPredictor(options);
    },
    { backend: engine.tier, ...(adaptation && { adaptation: adaptation.name }) },
    async (samples) => {
      const probed = await probeNetwork(context, network, samples);
      const attacked = await attackNetwork(context, network, samples);
      const corrupted = await scoreCorrupted(context, network, samples);
      const detected = await detectOutside(context, network, samples);
      const shifted = await measureShifts(context, network);
      const measured = await measureNetwork(context, network);
      return {
        ...probed,
        ...attacked,
        rows: [...probed.rows, ...attacked.rows, ...corrupted, ...detected, ...shifted, ...measured],
      };
    },
  );
  return { ...evaluated, step: stepsOf(context.config) };
}
