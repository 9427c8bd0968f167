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

endWithParent();
process.exitCode = await work(process.argv.slice(2));
// What a library leaves open (a thread, a timer) must not keep a finished job alive.
process.exit();

/** `planFile index launchFile run|evaluate`: does one planned job and tells the parent how it ended. */
async function work([
  planFile = '',
  index = '',
  launchFile = '',
  what = 'run',
]: readonly string[]): Promise<ExitCode> {
  const signal = listenForStop();
  const { study, job } = readPlannedJob(planFile, Number(index));
  const launch = readLaunch(launchFile);
  const emit = (event: JobEvent) => void sendEvent(event);
  let run: RunHandle;
  try {
    const opened = openRun({
      resultsFolder: launch.resultsFolder,
      study,
      spec: job,
      onWarning: (message) => emit({ type: 'warning', run: job.run, message }),
      reopen: what === 'evaluate',
    });
    if (opened.outcome === 'locked') {
      await sendEvent({ type: 'locked', run: job.run, holder: describeHolder(opened.holder) });
      return 0;
    }
    if (opened.outcome === 'done') {
      await sendEvent({ type: 'finished', run: job.run, seconds: opened.status.seconds });
      return 0;
    }
    run = opened.run;
  } catch (error) {
    await sendEvent({ type: 'failed', run: job.run, error: reportFailure(error) });
    return 1;
  }
  try {
    const config = job.config as unknown as ExperimentConfig;
    const context = {
      config,
      run,
      environment: launch.environment,
      dataFolder: dataFolderOf(config),
      signal,
      emit,
    };
    const end = await (what === 'evaluate' ? evaluateRun(context) : runProtocol(context));
    if (end.outcome === 'interrupted') {
      run.interrupt();
      await sendEvent({ type: 'interrupted', run: job.run, step: end.step });
      return 130;
    }
    const { seconds } = run.finish();
    await sendEvent({ type: 'finished', run: job.run, seconds });
    return 0;
  } catch (error) {
    await sendEvent({ type: 'failed', run: job.run, error: run.fail(error) });
    return 1;
  }
}
