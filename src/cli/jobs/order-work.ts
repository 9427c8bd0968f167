// What the processes of `profile`, of trials, of `prune` and of `circuit` do: they measure, and make no run.
import type { ExperimentConfig } from '../../config/index.js';
import type { ExitCode } from '../../core/errors.js';
import type { JobEvent } from '../../core/events.js';
import { readTextIfThere, writeFileAtomic } from '../../core/files/files.js';
import type { Json } from '../../core/json.js';
import { sendEvent } from '../../launchers/child.js';
import { profileJob } from '../../protocols/profile.js';
import type { PruningRequest } from '../../protocols/pruning/measure-pruning.js';
import { measureProbe, type Probe } from '../../protocols/trial.js';
import { judgeFailure } from '../../runs/failure.js';
import { runPaths } from '../../runs/folder.js';
import { readManifest } from '../../runs/provenance/manifest.js';
import { dataFolderOf } from './data-folder.js';

/** What is to be profiled. */
export interface ProfileOrder {
  readonly task: 'profile';
  readonly run: string;
  readonly config: ExperimentConfig;
  /** The job's share of the cores. */
  readonly threads: number;
}

/** What is to be tried. */
export interface TrialOrder {
  readonly task: 'trial';
  readonly run: string;
  readonly config: ExperimentConfig;
  readonly probe: Probe;
}

/** Which circuits are to be measured, and of what run. */
export interface PruneOrder extends RunOrder {
  readonly task: 'prune';
  readonly request: PruningRequest;
}

/** A circuit is to be looked at. */
export interface ObserveOrder extends RunOrder {
  readonly task: 'observe';
}

/** Work on a run that is done. */
interface RunOrder {
  readonly run: string;
  readonly config: ExperimentConfig;
  /** The run's. */
  readonly folder: string;
  readonly threads: number;
}

export type Order = ProfileOrder | TrialOrder | PruneOrder | ObserveOrder;

/** Does what `orderFile` says, writes what it finds to `file` and tells the parent how it ended. */
export async function workOnOrder(orderFile: string, file: string, signal: AbortSignal): Promise<ExitCode> {
  const order = JSON.parse(readTextIfThere(orderFile) ?? '') as Order;
  const { run, config } = order;
  const start = performance.now();
  const context = {
    dataFolder: dataFolderOf(config),
    signal,
    begin: (backend: string) => void sendEvent({ type: 'started', run, backend, resumedFrom: 0 }),
    emit: (event: JobEvent) => void sendEvent(event),
  };
  try {
    const found = await work(order, context);
    writeFileAtomic(file, JSON.stringify(found));
    await sendEvent({ type: 'finished', run, seconds: (performance.now() - start) / 1000 });
    return 0;
  } catch (thrown) {
    if (signal.aborted && thrown === signal.reason) {
      await sendEvent({ type: 'interrupted', run });
      return 130;
    }
    const { state, error } = judgeFailure(thrown);
    await sendEvent({ type: state, run, error });
    return 1;
  }
}

interface WorkContext {
  readonly dataFolder: string;
  readonly signal: AbortSignal;
  begin(backend: string): void;
  emit(event: JobEvent): void;
}

async function work(order: Order, context: WorkContext): Promise<unknown> {
  const { config } = order;
  switch (order.task) {
    case 'profile':
      return profileJob({ ...context, config, threads: order.threads });
    case 'trial':
      return measureProbe({ ...context, config, probe: order.probe });
    case 'prune': {
      const { measurePruning } = await import('../../protocols/pruning/measure-pruning.js');
      return measurePruning({ ...context, ...order, engine: engineOf(order) }, order.request);
    }
    case 'observe': {
      const { observeCircuit } = await import('../../protocols/circuits/observe-circuit.js');
      return observeCircuit({ ...context, ...order, engine: engineOf(order) });
    }
  }
}

/** What the run began on, by its manifest. */
function engineOf({ folder }: RunOrder): Json | undefined {
  return readManifest(runPaths(folder))?.engine;
}
