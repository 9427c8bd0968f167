import { join } from 'node:path';

/** Where everything of one run lies. */
export interface RunPaths {
  readonly folder: string;
  /** The composed config, interpolations kept; and the same, resolved: what the code saw. */
  readonly config: string;
  readonly resolved: string;
  /** Overrides of the command line, one per line; and where each value came from. */
  readonly overrides: string;
  readonly provenance: string;
  readonly manifest: string;
  /** Uncommitted changes of the code, when there were any. */
  readonly patch: string;
  readonly status: string;
  readonly lock: string;
  readonly metrics: string;
  readonly split: string;
  readonly checkpoints: string;
  readonly predictions: string;
  readonly record: string;
  /** Of circuits: what was measured with fewer processors; and links, places and attention of the modules. */
  readonly pruning: string;
  readonly circuit: string;
  /** Images that fool the network, where they were asked for. */
  readonly attacks: string;
  readonly log: string;
}

export function runsFolder(resultsFolder: string, study?: string): string {
  return study === undefined ? join(resultsFolder, 'runs') : join(resultsFolder, 'runs', study);
}

export function runFolder(resultsFolder: string, study: string, run: string): string {
  return join(runsFolder(resultsFolder, study), run);
}

export function runPaths(folder: string): RunPaths {
  return {
    folder,
    config: join(folder, 'config.yaml'),
    resolved: join(folder, 'resolved.yaml'),
    overrides: join(folder, 'overrides.txt'),
    provenance: join(folder, 'provenance.json'),
    manifest: join(folder, 'manifest.json'),
    patch: join(folder, 'patch.diff'),
    status: join(folder, 'status.json'),
    lock: join(folder, 'lock'),
    metrics: join(folder, 'metrics.jsonl'),
    split: join(folder, 'split.json'),
    checkpoints: join(folder, 'checkpoints'),
    predictions: join(folder, 'predictions.parquet'),
    record: join(folder, 'record.json'),
    pruning: join(folder, 'pruning.json'),
    circuit: join(folder, 'circuit.json'),
    attacks: join(folder, 'attacks.safetensors'),
    log: join(folder, 'log.txt'),
  };
}
