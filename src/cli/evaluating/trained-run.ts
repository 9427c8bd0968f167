import type { ExperimentConfig } from '../../config/index.js';
import { section } from '../derived/derived-job.js';
import { type OpenedRun, openRunToDerive, refuseRun, weightsOf } from '../derived/opened-run.js';
import { requireDone } from '../derived/require-done.js';

/** A finished run with a checkpoint. */
export interface TrainedRun extends OpenedRun {
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
  const opened = openRunToDerive(folder);
  const { run, spec, config } = opened;
  const why = withoutCheckpoint[String(section(spec.config, 'protocol').name)];
  if (why !== undefined) {
    const message = `run ${run} ${why}: there is nothing to evaluate on other data`;
    throw refuseRun(folder, 'E_EVALUATE_KIND', message, [
      'type the command of its study with what is to be other: it is made anew within seconds',
    ]);
  }
  const status = requireDone(folder, 'E_EVALUATE_UNFINISHED', 'so there is nothing to evaluate yet');
  const weights = weightsOf(status);
  if (weights === undefined) {
    throw refuseRun(folder, 'E_EVALUATE_CHECKPOINT', `run ${run} has no checkpoint`, [
      'run the command that started it again: it trains what is missing',
    ]);
  }
  const trained = config.protocol.name === 'evaluated' ? config.protocol : config;
  const { dataset, split } = trained;
  return { ...opened, weights, trained: { dataset, split } };
}

/** Whether jobs of a protocol leave a checkpoint. */
export function hasCheckpoint(protocol: string): boolean {
  return !(protocol in withoutCheckpoint);
}
