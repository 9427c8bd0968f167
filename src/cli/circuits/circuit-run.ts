import type { ExperimentConfig } from '../../config/index.js';
import type { PruningOrder } from '../../models/nac/pruning/order-processors.js';
import { type OpenedRun, openRunToDerive, refuseRun, weightsOf } from '../derived/opened-run.js';
import { requireDone } from '../derived/require-done.js';

type NacConfig = Extract<ExperimentConfig['model'], { name: 'nac' }>;

/** A finished run whose model is a circuit. */
export interface CircuitRun extends OpenedRun {
  readonly config: ExperimentConfig & { readonly model: NacConfig };
  /** Says which trained weights these are. */
  readonly weights: string;
}

/** Opens a finished circuit. Throws HeldoutError (exit 2) for any other run. */
export function openCircuitRun(folder: string): CircuitRun {
  const status = requireDone(folder, 'E_PRUNE_UNFINISHED', 'so its circuit is not trained yet');
  const opened = openRunToDerive(folder);
  const { run, config } = opened;
  const { model } = config;
  if (model.name !== 'nac') {
    const message = `run ${run} is of the model ${model.name}, which is no circuit`;
    throw refuseRun(folder, 'E_PRUNE_MODEL', message, ['train a circuit: model=nac']);
  }
  if (model.condition !== 'none') {
    const message = `the circuit of run ${run} depends on the condition of each example`;
    throw refuseRun(folder, 'E_PRUNE_CONDITION', message, ['name a run with model.condition=none']);
  }
  return { ...opened, config: { ...config, model }, weights: weightsOf(status) ?? '' };
}

/** The orders that the modules of a circuit have. */
export function ordersOf({ config }: CircuitRun): readonly PruningOrder[] {
  return config.model.links.by === 'none' ? ['random'] : ['degree', 'random', 'hubs-first'];
}

/** Throws HeldoutError (exit 2) for a run whose predictions are no classes. */
export function requireClasses({ run, folder, config }: CircuitRun): void {
  if (config.evaluation.metrics.includes('accuracy')) return;
  const message = `what pruning costs is measured in accuracy, which the evaluation of run ${run} does not have`;
  throw refuseRun(folder, 'E_PRUNE_METRIC', message, [
    'train on classes: dataset=sprites split=sprites-ood objective=cross_entropy evaluation=classification',
  ]);
}
