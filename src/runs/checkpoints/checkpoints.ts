import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { errorCode, explainFileError } from '../../core/files/file-errors.js';
import { readBytesIfThere, removeAtomic, writeFolderAtomic } from '../../core/files/files.js';
import { sha256 } from '../../core/hash.js';
import { canonicalJson, isJsonObject, type Json } from '../../core/json.js';
import type { TrainState } from '../../engine/engine.js';
import type { MetricsMark } from '../../tracking/metrics-log.js';
import { RUN_SCHEMA } from '../schema.js';
import { refuseOtherSchema } from '../status.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

/**
 * A checkpoint is a folder `step-000500` that appears whole:
 *
 * - `weights.safetensors`: the parameters by name, float32, metadata `{run, step}`;
 * - `optimizer.safetensors`: the optimiser's slots by `<parameter>/<slot>`, the same way;
 * - `state.json`: `{schema, run, step, metrics, extra, files, checksum}`. `metrics` marks the beginning of
 *   metrics.jsonl that belongs to it, `extra` is the protocol's (streams, accumulators), `files` has bytes
 *   and SHA-256 of the other two, `checksum` is the SHA-256 of the rest of state.json as canonical JSON
 *   (so `extra` may hold no NaN and no infinities).
 */
export interface Checkpoint {
  readonly folder: string;
  readonly state: TrainState;
  readonly extra: Json;
  readonly metrics: MetricsMark;
}

/** A checkpoint that was passed over, and why. */
export interface SkippedCheckpoint {
  readonly folder: string;
  readonly reason: string;
}

const weightsFile = 'weights.safetensors';
const optimizerFile = 'optimizer.safetensors';
const stateFile = 'state.json';
export const checkpointFiles = [weightsFile, optimizerFile, stateFile] as const;

/** Writes a checkpoint, in place of one of the same step, and returns its folder. */
export function writeCheckpoint(
  checkpoints: string,
  run: string,
  state: TrainState,
  metrics: MetricsMark,
  extra: Json,
): string {
  const metadata = { run, step: String(state.step) };
  const tensors = {
    [weightsFile]: encodeSafetensors(state.parameters, metadata),
    [optimizerFile]: encodeSafetensors(state.slots, metadata),
  };
  const files = Object.fromEntries(
    Object.entries(tensors).map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }]),
  );
  const body = { schema: RUN_SCHEMA, run, step: state.step, metrics, extra, files };
  const description = { ...body, checksum: sha256(canonicalJson(body)) };
  const folder = join(checkpoints, checkpointName(state.step));
  writeFolderAtomic(folder, { ...tensors, [stateFile]: `${JSON.stringify(description, null, 2)}\n` });
  return folder;
}

/** Folders of all checkpoints, oldest first. */
export function listCheckpoints(checkpoints: string): readonly string[] {
  try {
    return readdirSync(checkpoints, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && stepOf(entry.name) !== undefined)
      .map(({ name }) => name)
      .sort((a, b) => (stepOf(a) ?? 0) - (stepOf(b) ?? 0))
      .map((name) => join(checkpoints, name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw explainFileError(error, checkpoints, 'read');
  }
}

/**
 * The latest checkpoint whose files have their checksums and which `accept` (by default everything)
 * gives no reason against, and those that were passed over on the way, latest first.
 */
export function findLastGoodCheckpoint(
  checkpoints: string,
  run: string,
  accept: (checkpoint: Checkpoint) => string | undefined = () => undefined,
): { readonly checkpoint: Checkpoint | undefined; readonly skipped: readonly SkippedCheckpoint[] } {
  const skipped: SkippedCheckpoint[] = [];
  for (const folder of listCheckpoints(checkpoints).toReversed()) {
    const found = readCheckpoint(folder, run);
    const reason = typeof found === 'string' ? found : accept(found);
    if (typeof found !== 'string' && reason === undefined) return { checkpoint: found, skipped };
    skipped.push({ folder, reason: reason ?? 'it cannot be used' });
  }
  return { checkpoint: undefined, skipped };
}

/** A checkpoint, or the reason why it is no good. Throws HeldoutError for another schema version. */
export function readCheckpoint(folder: string, run: string): Checkpoint | string {
  const text = readBytesIfThere(join(folder, stateFile));
  if (text === undefined) return `${stateFile} is missing`;
  const state = parseState(text.toString('utf8'));
  if (state === undefined) return `${stateFile} is damaged`;
  refuseOtherSchema(state.schema, folder);
  if (state.run !== run) return `it belongs to run ${state.run}`;
  const tensors: Buffer[] = [];
  for (const name of [weightsFile, optimizerFile]) {
    const bytes = readBytesIfThere(join(folder, name));
    const expected = state.files[name];
    if (bytes === undefined || expected === undefined) return `${name} is missing`;
    if (bytes.length !== expected.bytes) {
      return `${name} has ${bytes.length} bytes, not the ${expected.bytes} that were written`;
    }
    if (sha256(bytes) !== expected.sha256) return `${name} does not have the checksum it was written with`;
    tensors.push(bytes);
  }
  const [weights, optimizer] = tensors as [Buffer, Buffer];
  return {
    folder,
    state: {
      parameters: decodeSafetensors(weights, join(folder, weightsFile)).arrays,
      slots: decodeSafetensors(optimizer, join(folder, optimizerFile)).arrays,
      step: state.step,
    },
    extra: state.extra,
    metrics: state.metrics,
  };
}

/** Removes all but the latest `keep` checkpoints. */
export function pruneCheckpoints(checkpoints: string, keep: number): void {
  for (const folder of listCheckpoints(checkpoints).slice(0, -keep)) removeAtomic(folder);
}

/** `step-000500`: sorts by name up to a million steps, and by number beyond. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}

/** The step of a checkpoint's folder, or undefined for any other name. */
export function stepOf(path: string): number | undefined {
  const match = /^step-(\d{6,})$/.exec(basename(path));
  return match === null ? undefined : Number(match[1]);
}

interface State {
  readonly schema: unknown;
  readonly run: string;
  readonly step: number;
  readonly metrics: MetricsMark;
  readonly extra: Json;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** The checksum vouches for every field, so only files of other schema versions can have others. */
function parseState(text: string): State | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    const { checksum, ...body } = value;
    const isForeign = typeof body.schema === 'number' && body.schema !== RUN_SCHEMA;
    return isForeign || sha256(canonicalJson(body)) === checksum ? (body as unknown as State) : undefined;
  } catch {
    return undefined;
  }
}
