import { timestamp } from '../../core/clock.js';
import { HeldoutError } from '../../core/errors.js';
import { readTextIfThere } from '../../core/files/files.js';
import { isJsonObject, type Json } from '../../core/json.js';
import type { RunPaths } from '../folder.js';
import { RUN_SCHEMA } from '../schema.js';
import { refuseOtherSchema } from '../status.js';
import type { Environment } from './environment.js';

/** What a job finds out before its first step. */
export interface RunFacts {
  /** The dataset's fingerprint, and whatever describes it further. */
  readonly data: { readonly fingerprint: string; readonly [key: string]: Json };
  readonly split: { readonly hash: string; readonly [key: string]: Json };
  /** How large a trained model is: trainable values, and multiplications with an addition for one more example. */
  readonly model?: { readonly parameters: number; readonly multiplyAdds: number };
  /** What the engine chose (tier, threads) and why; used again when the run goes on. */
  readonly engine: Json;
  readonly environment: Environment;
}

export interface RunIdentity {
  readonly run: string;
  readonly group: string;
  readonly study: string;
}

/** Provenance of a run: what it began with, and what each further attempt ran on. */
export interface Manifest extends RunFacts, RunIdentity {
  readonly schema: number;
  readonly created: string;
  readonly attempts: readonly ManifestAttempt[];
}

export interface ManifestAttempt {
  readonly started: string;
  readonly host: string;
  readonly pid: number;
  readonly node: string;
  readonly commit: string | null;
  readonly resumedFrom: number;
  readonly engine: Json;
}

/** Undefined where there is none, or where it is damaged (it is then written anew). */
export function readManifest(paths: RunPaths): Manifest | undefined {
  const text = readTextIfThere(paths.manifest);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || typeof value.schema !== 'number') return undefined;
  refuseOtherSchema(value.schema, paths.folder);
  return Array.isArray(value.attempts) ? (value as unknown as Manifest) : undefined;
}

/**
 * A new manifest, or the one that is there with an attempt more. Throws E_RUN_CHANGED when the data or the split
 * are no longer what a run with training behind it (`resumedFrom` > 0) began with.
 */
export function makeManifest(
  paths: RunPaths,
  identity: RunIdentity,
  facts: RunFacts,
  resumedFrom: number,
): Manifest {
  const former = readManifest(paths);
  if (former !== undefined && resumedFrom > 0) refuseChanges(paths, former, facts);
  const attempt: ManifestAttempt = {
    started: timestamp(),
    host: facts.environment.host,
    pid: process.pid,
    node: facts.environment.node,
    commit: facts.environment.git?.commit ?? null,
    resumedFrom,
    engine: facts.engine,
  };
  const begun = former !== undefined && resumedFrom > 0 ? former : facts;
  const model = begun.model ?? facts.model;
  return {
    schema: RUN_SCHEMA,
    ...identity,
    created: former?.created ?? attempt.started,
    data: begun.data,
    split: begun.split,
    ...(model && { model }),
    engine: begun.engine,
    environment: begun.environment,
    attempts: [...(former?.attempts ?? []), attempt],
  };
}

function refuseChanges(paths: RunPaths, former: Manifest, facts: RunFacts): void {
  const changed = [
    former.data.fingerprint === facts.data.fingerprint ? [] : ['data'],
    former.split.hash === facts.split.hash ? [] : ['split'],
  ].flat();
  if (changed.length === 0) return;
  throw new HeldoutError({
    code: 'E_RUN_CHANGED',
    message: `the ${changed.join(' and the ')} of this run changed since its training began`,
    place: paths.manifest,
    hints: [
      'put the data and the code back as they were',
      `or begin the run anew: mv ${paths.folder} ${paths.folder}.old`,
    ],
    exitCode: 1,
  });
}
