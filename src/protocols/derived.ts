import { HeldoutError } from '../core/errors.js';
import type { Json } from '../core/json.js';
import type { TrainState } from '../engine/engine.js';
import type { Checkpoint } from '../runs/checkpoints/checkpoints.js';
import type { JobContext, JobEnd, Protocol } from './context.js';
import { evaluateNetwork } from './evaluation/evaluate-network.js';
import { announce, type Material } from './prepare.js';
import { startJobEngine } from './start-job-engine.js';
import { costOf } from './training/start/model-cost.js';
import type { Network } from './training/start/network.js';
import { describeStep } from './training/step/training-step.js';

/** The network that is to have the weights, and what it is asked about. */
export type Vessel = Pick<Network, 'material' | 'model' | 'trainer' | 'engine'>;

/** What a checkpoint has. */
export type Made = Pick<Checkpoint, 'state' | 'extra'>;

interface Derivation {
  prepare(context: JobContext): Promise<Material>;
  /** Makes the weights of those of other runs. */
  make(context: JobContext, vessel: Vessel): Promise<Made> | Made;
  /** The engine's choices that a run begins with; those of the config unless given. */
  engineOf?(context: JobContext): Json | undefined;
}

/**
 * A protocol that makes a network of what other runs trained, and evaluates it. Nothing is trained; the weights are saved
 * as a checkpoint, so that the run needs the others no more.
 */
export function makeAndEvaluate({ prepare, make, engineOf }: Derivation): Protocol {
  const work = async (context: JobContext, mayMake: boolean): Promise<JobEnd> => {
    const { config, run, signal } = context;
    const material = await prepare(context);
    const begun = run.continueFrom();
    if (begun === undefined && !mayMake) throw refuseEmpty(run.id);
    const former = begun === undefined ? engineOf?.(context) : run.manifest()?.engine;
    const engine = await startJobEngine(context, former);
    const { model, options } = await describeStep(config, material);
    const trainer = engine.createTrainer({ ...options, warn: (message) => run.warn(message) });
    const vessel = { material, model, trainer, engine };
    try {
      const { state, extra } = begun ?? (await make(context, vessel));
      trainer.restore(state);
      const { tier, threads, precision, notes } = engine;
      const cost = costOf(model, config, material.dataset);
      announce(context, material, { tier, threads, precision, notes }, begun?.state.step ?? 0, cost);
      if (begun === undefined) run.saveCheckpoint(state, extra);
      run.finishTraining(state.step);
      return await evaluateNetwork(context, vessel);
    } catch (error) {
      if (signal.aborted && error === signal.reason) return { outcome: 'interrupted', step: 0 };
      throw error;
    } finally {
      trainer.dispose();
    }
  };
  return { run: (context) => work(context, true), evaluate: (context) => work(context, false) };
}

/** An evaluation makes no weights: it leaves all but its numbers as they were. */
export function refuseEmpty(run: string): HeldoutError {
  return new HeldoutError({
    code: 'E_RUN_NOT_TRAINED',
    message: `run ${run} has no good checkpoint, so there is nothing to evaluate`,
    hints: ['run the command that made it again: it makes the weights anew'],
    exitCode: 1,
  });
}

/** The state of a trainer with other parameters, before any update. */
export function withParameters(
  { trainer }: Pick<Vessel, 'trainer'>,
  parameters: TrainState['parameters'],
): TrainState {
  return { ...trainer.state(), parameters };
}
