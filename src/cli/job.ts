// The process of one job: the only place where config meets training.
import type { ExperimentConfig } from '../config/index.js';
import type { ExitCode } from '../core/errors.js';
import type { JobEvent } from '../core/events.js';
import { listenForStop, sendEvent } from '../launchers/child.js';
import { endWithParent } from '../launchers/orphan.js';
import { evaluateRun, runProtocol } from '../protocols/index.js';
import { reportFailure } from '../runs/failure.js';
import { describeHolder } from '../runs/lock.js';
import { openRun, type RunHandle } from '../runs/run.js';
import { readPlannedJob } from '../sweeps/plan.js';
import { dataFolderOf } from './data-folder.js';
import { readLaunch } from './launch-facts.js';
import { readRunSpec } from './run-spec.js';

endWithParent();
process.exitCode = await work(process.argv.slice(2));
// What a library leaves open (a thread, a timer) must not keep a finished job alive.
process.exit();

/**
 * `launchFile run planFile index` does one planned job; `launchFile evaluate runFolder` makes predictions
 * and record of a run anew. The parent hears how it ended.
 */
async function work([
  launchFile = '',
  task = '',
  place = '',
  index = '',
]: readonly string[]): Promise<ExitCode> {
  const signal = listenForStop();
  const launch = readLaunch(launchFile);
  const { study, spec } = task === 'evaluate' ? readRunSpec(place) : readPlanned(place, Number(index));
  const emit = (event: JobEvent) => void sendEvent(event);
  let run: RunHandle;
  try {
    const opened = openRun({
      resultsFolder: launch.resultsFolder,
      study,
      spec,
      onWarning: (message) => emit({ type: 'warning', run: spec.run, message }),
      reopen: task === 'evaluate',
    });
    if (opened.outcome === 'locked') {
      await sendEvent({ type: 'locked', run: spec.run, holder: describeHolder(opened.holder) });
      return 0;
    }
    if (opened.outcome === 'done') {
      await sendEvent({ type: 'finished', run: spec.run, seconds: opened.status.seconds });
      return 0;
    }
    run = opened.run;
  } catch (error) {
    await sendEvent({ type: 'failed', run: spec.run, error: reportFailure(error) });
    return 1;
  }
  try {
    const config = spec.config as unknown as ExperimentConfig;
    const context = {
      config,
      run,
      environment: launch.environment,
      dataFolder: dataFolderOf(config),
      signal,
      emit,
    };
    const end = await (task === 'evaluate' ? evaluateRun(context) : runProtocol(context));
    if (end.outcome === 'interrupted') {
      run.interrupt();
      await sendEvent({ type: 'interrupted', run: spec.run, step: end.step });
      return 130;
    }
    const { seconds } = run.finish();
    await sendEvent({ type: 'finished', run: spec.run, seconds });
    return 0;
  } catch (error) {
    await sendEvent({
      type: 'failed',
      run: spec.run,
      error: task === 'evaluate' ? giveUp(run, error) : run.fail(error),
    });
    return 1;
  }
}

/** What a run had before it was to be evaluated anew is still there: its study's command repairs it. */
function giveUp(run: RunHandle, error: unknown) {
  run.interrupt();
  return reportFailure(error);
}

function readPlanned(planFile: string, index: number) {
  const { study, job } = readPlannedJob(planFile, index);
  return { study, spec: job };
}
