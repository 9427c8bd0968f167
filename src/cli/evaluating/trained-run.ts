import { basename, dirname } from 'node:path';
import type { ExperimentConfig } from '../../config/index.js';
import { HeldoutError } from '../../core/errors.js';
import { isJsonObject, type JsonObject } from '../../core/json.js';
import type { RunSpec } from '../../runs/run.js';
import { requireDone } from '../derived/require-done.js';
import { readRunSpec } from '../jobs/run-spec.js';

/** A finished run with a checkpoint. */
export interface TrainedRun {
  readonly run: string;
  readonly study: string;
  readonly folder: string;
  readonly spec: RunSpec;
  readonly config: ExperimentConfig;
  /** SHA-256 of its weights. */
  readonly weights: string;
  /** The data that its network was trained on, which are not the run's own where that was evaluated on others. */
  readonly trained: Pick<ExperimentConfig, 'dataset' | 'split'>;
}

/** Protocols whose runs have no checkpoint, and why. */
const withoutCheckpoint: Readonly<Record<string, string>> = {
  reference: 'is a reference, which is nothing but its answers',
  fitted: 'was fitted, not trained, and keeps no checkpoint',
};

/** Opens a finished run with a checkpoint. Throws HeldoutError (exit 2) for any other. */
export function openTrainedRun(folder: string): TrainedRun {
  const run = basename(folder);
  const study = basename(dirname(folder));
  const refuse = (code: string, message: string, hints: readonly string[]) =>
    new HeldoutError({ code, message, place: folder, hints });
  const { spec } = readRunSpec(folder);
  const why = withoutCheckpoint[protocolOf(spec.config)];
  if (why !== undefined) {
    throw refuse('E_EVALUATE_KIND', `run ${run} ${why}: there is nothing to evaluate on other data`, [
      'type the command of its study with what is to be other: it is made anew within seconds',
      `npm run experiment -- status ${study} lists the runs`,
    ]);
  }
  const status = requireDone(folder, 'E_EVALUATE_UNFINISHED', 'so there is nothing to evaluate yet');
  const sums = Object.entries(status.files ?? {});
  const weights = sums.find(([name]) => name.endsWith('/weights.safetensors'))?.[1].sha256;
  if (weights === undefined) {
    throw refuse('E_EVALUATE_CHECKPOINT', `run ${run} has no checkpoint`, [
      'run the command that started it again: it trains what is missing',
    ]);
  }
  const config = spec.config as unknown as ExperimentConfig;
  const trained = config.protocol.name === 'evaluated' ? config.protocol : config;
  const { dataset, split } = trained;
  return { run, study, folder, spec, config, weights, trained: { dataset, split } };
}

/** Whether jobs of a protocol leave a checkpoint. */
export function hasCheckpoint(protocol: string): boolean {
  return !(protocol in withoutCheckpoint);
}

function protocolOf({ protocol }: JsonObject): string {
  return isJsonObject(protocol) ? String(protocol.name) : '';
}
