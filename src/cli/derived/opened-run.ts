import { basename, dirname } from 'node:path';
import type { ExperimentConfig } from '../../config/index.js';
import { HeldoutError } from '../../core/errors.js';
import type { RunSpec } from '../../runs/run.js';
import type { RunStatus } from '../../runs/status.js';
import { readRunSpec } from '../jobs/run-spec.js';

/** A run that something is to be made of. */
export interface OpenedRun {
  readonly run: string;
  readonly study: string;
  readonly folder: string;
  readonly spec: RunSpec;
  readonly config: ExperimentConfig;
}

/** What a run folder says that it is. Throws HeldoutError where that is damaged. */
export function openRunToDerive(folder: string): OpenedRun {
  const { study, spec } = readRunSpec(folder);
  return { run: basename(folder), study, folder, spec, config: spec.config as unknown as ExperimentConfig };
}

/** SHA-256 of the weights that a finished run has; undefined where it has no checkpoint. */
export function weightsOf({ files = {} }: RunStatus): string | undefined {
  return Object.entries(files).find(([name]) => name.endsWith('/weights.safetensors'))?.[1].sha256;
}

/** Says why no run can be made of this one: the place is its folder, and the last hint where others are. */
export function refuseRun(
  folder: string,
  code: string,
  message: string,
  hints: readonly string[],
): HeldoutError {
  const study = basename(dirname(folder));
  const listing = `npm run experiment -- status ${study} lists the runs`;
  return new HeldoutError({ code, message, place: folder, hints: [...hints, listing] });
}
