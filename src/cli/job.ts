// The process of one job: the only place where config meets training.
import type { ExperimentConfig } from '../config/index.js';
import { monotonicSeconds } from '../core/clock.js';
import type { ExitCode } from '../core/errors.js';
import type { JobEvent, TimeSpent } from '../core/events.js';
import { listenForStop, sendEvent } from '../launchers/child.js';
import { endWithParent } from '../launchers/orphan.js';
import type { JobEnd } from '../protocols/context.js';
import { evaluateRun, recomputeRecord, runProtocol } from '../protocols/index.js';
import { judgeFailure } from '../runs/failure.js';
import { describeHolder } from '../runs/lock.js';
import { openRun, type RunHandle } from '../runs/run.js';
import { readPlannedJob } from '../sweeps/plan.js';
import { dataFolderOf } from './data-folder.js';
import { readLaunch } from './launch-facts.js';
import { readRunSpec } from './run-spec.js';

const tasks = { run: runProtocol, evaluate: evaluateRun, recompute: recomputeRecord } as const;

endWithParent();
process.exitCode = await work(process.argv.slice(2));
// What a library leaves open (a thread, a timer) must not keep a finished job alive.
process.exit();

/**
 * `launchFile run "run" planFile index` does one planned job, whose run is `run`; `launchFile run "evaluate"
 * runFolder` makes predictions and record of a run anew, and "recompute" its record, with further `metrics` where
 * the last word names some. The parent hears how it ended.
 */
async function work([
  launchFile = '',
  id = '',
  task = '',
  place = '',
  index = '',
]: readonly string[]): Promise<ExitCode> {
  const signal = listenForStop();
  const emit = (event: JobEvent) => void sendEvent(event);
  let run: RunHandle | undefined;
  try {
    const launch = readLaunch(launchFile);
    const { study, spec } = task === 'run' ? readPlanned(place, Number(index)) : readRunSpec(place);
    const opened = openRun({
      resultsFolder: launch.resultsFolder,
      study,
      spec,
      onWarning: (message) => emit({ type: 'warning', run: id, message }),
      evaluate: task !== 'run',
    });
    if (opened.outcome === 'locked') {
      await sendEvent({ type: 'locked', run: id, holder: describeHolder(opened.holder) });
      return 0;
    }
    if (opened.outcome === 'done') {
      await sendEvent({ type: 'finished', run: id, seconds: opened.status.seconds });
      return 0;
    }
    run = opened.run;
    const written = spec.config as unknown as ExperimentConfig;
    const config = task === 'recompute' ? addMetrics(written, index) : written;
    const end = await tasks[task as keyof typeof tasks]({
      config,
      run,
      environment: launch.environment,
      threads: launch.threads,
      dataFolder: dataFolderOf(config),
      signal,
      emit,
    });
    if (end.outcome === 'interrupted') {
      run.interrupt();
      await sendEvent({ type: 'interrupted', run: id, step: end.step });
      return 130;
    }
    const { seconds } = run.finish();
    await sendEvent({ type: 'finished', run: id, seconds, spent: divideTime(end) });
    return 0;
  } catch (thrown) {
    const { state, error } = run === undefined ? judgeFailure(thrown) : run.fail(thrown);
    await sendEvent({ type: state, run: id, error });
    return 1;
  }
}

/** The run's own metrics stay, since the tables of its study are made of them. */
function addMetrics(config: ExperimentConfig, further: string): ExperimentConfig {
  const { evaluation } = config;
  const names = further.split(',').filter(Boolean) as unknown as ExperimentConfig['evaluation']['metrics'];
  return {
    ...config,
    evaluation: { ...evaluation, metrics: [...new Set([...evaluation.metrics, ...names])] },
  };
}

/** The clock began with the process. */
function divideTime({ training, evaluation }: JobEnd): TimeSpent {
  const start = monotonicSeconds() - (training?.seconds ?? 0) - (evaluation?.seconds ?? 0);
  return {
    start,
    ...(training === undefined ? {} : { training }),
    ...(evaluation === undefined ? {} : { evaluation }),
  };
}

function readPlanned(planFile: string, index: number) {
  const { study, job } = readPlannedJob(planFile, index);
  return { study, spec: job };
}
