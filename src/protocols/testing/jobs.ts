import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type ExperimentConfig } from '../../config/schema/root.js';
import type { JobEvent } from '../../core/events.js';
import { projectRoot } from '../../core/files/paths.js';
import type { JsonObject } from '../../core/json.js';
import { captureEnvironment } from '../../runs/provenance/environment.js';
import { runId } from '../../runs/provenance/identity.js';
import { openRun, type RunHandle } from '../../runs/run.js';
import type { JobContext, JobEnd } from '../context.js';
import { runProtocol } from '../index.js';

/** A config that trains in a second: 1152 images, a narrow MLP, 30 steps. Sections given replace whole ones. */
export function smallConfig(sections: Readonly<Record<string, unknown>> = {}): ExperimentConfig {
  return configSchema.parse({
    dataset: {
      name: 'dsprites',
      levels: { orientation: { first: 4 }, x: { every: 8 }, y: { every: 8 } },
    },
    split: { rule: 'extrapolation', fixed: ['shape'], share: 0.2 },
    model: { name: 'mlp', widths: [16, 8] },
    training: smallTraining,
    evaluation: { train_examples: 50, test_examples: 70, batch_size: 32 },
    engine: { backend: 'wasm', threads: 1 },
    ...sections,
  });
}

export const smallTraining = {
  steps: 30,
  batch_size: 16,
  log_every: 4,
  checkpoint_every: 10,
  monitor: { every: 15, examples: 20 },
};

export interface Results {
  readonly folder: string;
  remove(): void;
}

export function makeResults(): Results {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-protocols-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface RanJob {
  readonly end: JobEnd;
  readonly run: RunHandle;
  readonly events: readonly JobEvent[];
}

const environment = captureEnvironment(projectRoot(), ['test']);

/** Runs one job as a job process does; the event that `stopAt` picks interrupts it. */
export async function runJob(
  config: ExperimentConfig,
  results: Results,
  options: {
    readonly work?: (context: JobContext) => Promise<JobEnd>;
    readonly stopAt?: (event: JobEvent) => boolean;
    readonly evaluate?: boolean;
  } = {},
): Promise<RanJob> {
  const plain = config as unknown as JsonObject;
  const spec = { run: runId(plain), config: plain, composed: {}, overrides: [], provenance: {} };
  const opened = openRun({
    resultsFolder: results.folder,
    study: 'test',
    spec,
    evaluate: options.evaluate ?? false,
  });
  if (opened.outcome !== 'open') throw new Error(`the run is ${opened.outcome}`);
  const { run } = opened;
  const events: JobEvent[] = [];
  const controller = new AbortController();
  try {
    const end = await (options.work ?? runProtocol)({
      config,
      run,
      environment,
      threads: 1,
      dataFolder: join(results.folder, 'data'),
      signal: controller.signal,
      emit(event) {
        events.push(event);
        if (options.stopAt?.(event)) controller.abort();
      },
    });
    if (end.outcome === 'finished') run.finish();
    else run.interrupt();
    return { end, run, events };
  } catch (error) {
    run.fail(error);
    throw error;
  }
}
