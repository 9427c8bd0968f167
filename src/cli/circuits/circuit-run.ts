import { basename, dirname } from 'node:path';
import type { ExperimentConfig } from '../../config/index.js';
import { HeldoutError } from '../../core/errors.js';
import type { PruningOrder } from '../../models/nac/pruning/order-processors.js';
import type { RunSpec } from '../../runs/run.js';
import { requireDone } from '../derived/require-done.js';
import { readRunSpec } from '../jobs/run-spec.js';

type NacConfig = Extract<ExperimentConfig['model'], { name: 'nac' }>;

/** A finished run whose model is a circuit. */
export interface CircuitRun {
  readonly run: string;
  readonly study: string;
  readonly folder: string;
  readonly spec: RunSpec;
  readonly config: ExperimentConfig & { readonly model: NacConfig };
  /** Says which trained weights these are. */
  readonly weights: string;
}

/** Opens a finished circuit. Throws HeldoutError (exit 2) for any other run. */
export function openCircuitRun(folder: string): CircuitRun {
  const run = basename(folder);
  const study = basename(dirname(folder));
  const refuse = (code: string, message: string, hints: readonly string[]) =>
    new HeldoutError({ code, message, place: folder, hints });
  const status = requireDone(folder, 'E_PRUNE_UNFINISHED', 'so its circuit is not trained yet');
  const { spec } = readRunSpec(folder);
  const config = spec.config as unknown as ExperimentConfig;
  if (config.model.name !== 'nac') {
    throw refuse('E_PRUNE_MODEL', `run ${run} is of the model ${config.model.name}, which is no circuit`, [
      'train a circuit: model=nac',
      `npm run experiment -- status ${study} lists the runs`,
    ]);
  }
  if (config.model.condition !== 'none') {
    throw refuse('E_PRUNE_CONDITION', `the circuit of run ${run} depends on the condition of each example`, [
      'name a run with model.condition=none',
    ]);
  }
  const sums = Object.entries(status.files ?? {});
  const weights = sums.find(([name]) => name.endsWith('/weights.safetensors'))?.[1].sha256 ?? '';
  return { run, study, folder, spec, config: config as CircuitRun['config'], weights };
}

/** The orders that the modules of a circuit have. */
export function ordersOf({ config }: CircuitRun): readonly PruningOrder[] {
  return config.model.links.by === 'none' ? ['random'] : ['degree', 'random', 'hubs-first'];
}

/** Throws HeldoutError (exit 2) for a run whose predictions are no classes. */
export function requireClasses({ run, folder, config }: CircuitRun): void {
  if (config.evaluation.metrics.includes('accuracy')) return;
  throw new HeldoutError({
    code: 'E_PRUNE_METRIC',
    message: `what pruning costs is measured in accuracy, which the evaluation of run ${run} does not have`,
    place: folder,
    hints: [
      'train on classes: dataset=sprites split=sprites-ood objective=cross_entropy evaluation=classification',
    ],
  });
}
