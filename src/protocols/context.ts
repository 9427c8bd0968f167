import type { ExperimentConfig } from '../config/schema/root.js';
import type { JobEvent, Work } from '../core/events.js';
import type { CapturedEnvironment } from '../runs/provenance/environment.js';
import type { RunHandle } from '../runs/run.js';
import type { ReplicaPlace } from './training/start/replicas.js';

/** What one job works with. Whoever made it finishes, fails or interrupts the run afterwards. */
export interface JobContext {
  readonly config: ExperimentConfig;
  /** Opened, and not yet continued. */
  readonly run: RunHandle;
  readonly environment: CapturedEnvironment;
  /** The job's share of the cores, where its config leaves threads open. */
  readonly threads: number;
  /** Where it is trained together with others. */
  readonly replica?: ReplicaPlace;
  /** Absolute path of the folder of the datasets. */
  readonly dataFolder: string;
  /** When it fires, the job saves what it has and returns `interrupted`. */
  readonly signal: AbortSignal;
  emit(event: JobEvent): void;
}

/** How a job ended, short of an error; `step` is the number of updates that are saved. */
export interface JobEnd {
  readonly outcome: 'finished' | 'interrupted';
  readonly step: number;
  /** Work done in this process; absent where there was none. */
  readonly training?: Work;
  readonly evaluation?: Work;
}

/** What a job does, in which order. */
export interface Protocol {
  /** Everything from the start, or from where an earlier attempt stopped, to the record. */
  run(context: JobContext): Promise<JobEnd>;
  /**
   * Predictions and record only, from what was trained. Throws HeldoutError where training is not complete.
   */
  evaluate(context: JobContext): Promise<JobEnd>;
}
