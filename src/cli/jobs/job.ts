// The process of one job: the only place where config meets training.
import type { ExperimentConfig } from '../../config/index.js';
import { monotonicSeconds } from '../../core/clock.js';
import type { ExitCode } from '../../core/errors.js';
import type { JobEvent, TimeSpent, Work } from '../../core/events.js';
import { listenForStop, sendEvent } from '../../launchers/child.js';
import { endWithParent } from '../../launchers/orphan.js';
import type { JobEnd } from '../../protocols/context.js';
import { evaluateRun, recomputeRecord, runProtocol } from '../../protocols/index.js';
import { createPlaces, type ReplicaPlace } from '../../protocols/training/start/replicas.js';
import { judgeFailure } from '../../runs/failure.js';
import { describeHolder } from '../../runs/lock/lock.js';
import { openRun, type RunHandle, type RunSpec } from '../../runs/run.js';
import { readPlannedJob } from '../../sweeps/plan.js';
import { dataFolderOf } from './data-folder.js';
import { readLaunch } from './launch-facts.js';
import { readRunSpec } from './run-spec.js';

const tasks = { run: runProtocol, evaluate: evaluateRun, recompute: recomputeRecord } as const;
type Task = keyof typeof tasks;

endWithParent();
process.exitCode = await work(process.argv.slice(2));
// What a library leaves open (a thread, a timer) must not keep a finished job alive.
process.exit();

/**
 * `launchFile run "run" planFile index,index` does planned jobs together, the first of which is `run`;
 * `launchFile run "evaluate" runFolder` makes predictions and record of a run anew, and "recompute" its record,
 * with further `metrics` where the last word names some; `orderFile run "order" file` measures a job's step.
 * The parent hears how each ended.
 */
async function work([
  launchFile = '',
  id = '',
  task = '',
  place = '',
  last = '',
]: readonly string[]): Promise<ExitCode> {
  const signal = listenForStop();
  if (task === 'order') return (await import('./order-work.js')).workOnOrder(launchFile, place, signal);
  const shared = { launchFile, task: task as Task, signal };
  if (task !== 'run') return await workOn({ ...shared, id, find: () => readRunSpec(place), metrics: last });
  const indices = last.split(',').map(Number);
  const places = indices.length === 1 ? [] : createPlaces(indices.length);
  const codes = await Promise.all(
    indices.map((index, member) => {
      const replica = places[member];
      const { job, study } = readPlannedJob(place, index);
      return workOn({ ...shared, id: job.run, find: () => ({ study, spec: job }), replica });
    }),
  );
  return codes.find((code) => code === 1) ?? codes.find((code) => code !== 0) ?? 0;
}

interface WorkOrder {
  readonly launchFile: string;
  readonly id: string;
  readonly task: Task;
  readonly signal: AbortSignal;
  find(): { readonly study: string; readonly spec: RunSpec };
  /** Further metrics of "recompute". */
  readonly metrics?: string;
  readonly replica?: ReplicaPlace | undefined;
}

async function workOn({
  launchFile,
  id,
  task,
  signal,
  find,
  metrics = '',
  replica,
}: WorkOrder): Promise<ExitCode> {
  const emit = (event: JobEvent) => void sendEvent(event);
  let run: RunHandle | undefined;
  try {
    const launch = readLaunch(launchFile);
    const { study, spec } = find();
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
      await sendEvent({ type: 'finished', run: id, seconds: monotonicSeconds() });
      return 0;
    }
    run = opened.run;
    const written = spec.config as unknown as ExperimentConfig;
    const config = task === 'recompute' ? addMetrics(written, metrics) : written;
    const end = await tasks[task]({
      config,
      run,
      environment: launch.environment,
      threads: launch.threadsOf?.[id] ?? launch.threads,
      ...(replica === undefined ? {} : { replica }),
      dataFolder: dataFolderOf(config),
      signal,
      emit,
    });
    if (end.outcome === 'interrupted') {
      run.interrupt();
      await sendEvent({ type: 'interrupted', run: id, step: end.step });
      return 130;
    }
    run.finish();
    const spent = divideTime(end, replica?.size ?? 1);
    await sendEvent({ type: 'finished', run: id, seconds: monotonicSeconds(), spent });
    return 0;
  } catch (thrown) {
    const { state, error } = run === undefined ? judgeFailure(thrown) : run.fail(thrown);
    await sendEvent({ type: state, run: id, error });
    return 1;
  } finally {
    replica?.leave();
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

/** The clock began with the process; replicas take their part of it each. */
function divideTime({ training, evaluation }: JobEnd, replicas: number): TimeSpent {
  const share = (work: Work | undefined) => work && { ...work, seconds: work.seconds / replicas };
  const [trained, evaluated] = [share(training), share(evaluation)];
  const start = monotonicSeconds() / replicas - (trained?.seconds ?? 0) - (evaluated?.seconds ?? 0);
  return {
    start: Math.max(0, start),
    ...(trained === undefined ? {} : { training: trained }),
    ...(evaluated === undefined ? {} : { evaluation: evaluated }),
  };
}
