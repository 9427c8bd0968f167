import { monotonicSeconds } from '../../../core/clock.js';
import { train } from '../../../training/loop.js';
import { clearSlots } from '../../../training/optimizers/restart.js';
import type { JobContext, JobEnd } from '../../context.js';
import { stepsOf } from '../../steps.js';
import { createEntrance, drawBatches } from '../batches/resident.js';
import { describeRareGroups } from '../groups/rare-groups.js';
import { type Network, saveLoopState } from '../start/network.js';
import { createRefresh } from '../step/penalty.js';
import { restartsIn } from '../step/read-out-first.js';
import { stepNumbers } from '../step/training-step.js';
import { createEnvironmentMonitor } from './environment-monitor.js';
import { createRates } from './learning-rates.js';
import { createMonitor } from './monitor.js';
import { createTwice } from './twice.js';
import { createValley } from './valley.js';

/** Makes the updates that are still to be made. */
export async function trainNetwork(context: JobContext, network: Network): Promise<JobEnd> {
  const { config, run, emit, signal } = context;
  const steps = stepsOf(config);
  const { log_every, checkpoint_every, overfit_batch, monitor, optimizer, schedule } = config.training;
  if (network.start.step >= steps) {
    // Where nothing is trained, the run is to have its weights none the less.
    if (steps === 0) run.saveCheckpoint(network.trainer.state(), saveLoopState(network.start));
    // The attempt that made the last update may have ended before it could say so, or take the mean of a valley.
    else await createValley(context, network)?.finish(steps);
    run.finishTraining(steps);
    return { outcome: 'finished', step: steps };
  }
  if (schedule.warmup_steps > steps) {
    run.warn(
      `the warm-up of ${schedule.warmup_steps} steps does not end within the ${steps} of the training`,
    );
  }

  const rare = describeRareGroups(network.material, config);
  if (rare !== undefined) run.warn(rare);

  const batches = drawBatches(network.material, config);
  const { trainer } = network;
  const enter = createEntrance(network.material, config, network.resident, network.model);
  const refresh = createRefresh(network.model, trainer);
  const look = createMonitor(context, network);
  const valley = createValley(context, network);
  const lookAtEnvironments = valley === undefined ? createEnvironmentMonitor(context, network) : undefined;
  const restarts = restartsIn(config);
  const twice = createTwice(context, network);
  const since = monotonicSeconds();
  let saved = network.start.step;
  const outcome = await train({
    trainer,
    start: network.start,
    steps,
    logEvery: log_every,
    checkpointEvery: checkpoint_every,
    ...(refresh && { refresh }),
    restart: {
      before: restarts,
      async run(step) {
        if (step === twice?.from) await twice.begin();
        else trainer.restore(clearSlots(trainer.state(), network.optimizer));
      },
    },
    monitor: {
      every: monitor.every,
      async run(step) {
        await look(step);
        await lookAtEnvironments?.(step);
        await valley?.look(step);
      },
    },
    batch: (step) => {
      const drawn = overfit_batch ? 0 : step;
      const second = twice !== undefined && drawn >= twice.from;
      return enter(second ? twice.batches(drawn) : batches(drawn), drawn);
    },
    learningRate: createRates(config, network.learningRate ?? optimizer.learning_rate, steps),
    numbers: (step) => stepNumbers(network.model, config, step),
    log: ({ step, loss, learningRate }) =>
      run.metrics.append({ kind: 'train', step, loss, learning_rate: learningRate }),
    checkpoint(state, loop) {
      run.saveCheckpoint(state, { ...saveLoopState(loop, network.learningRate), ...twice?.saved() });
      saved = loop.step;
      emit({ type: 'checkpoint', run: run.id, step: loop.step });
    },
    progress: ({ step, loss, rate }) =>
      emit({ type: 'progress', run: run.id, stage: 'train', done: step, total: steps, loss, rate }),
    signal,
  });
  if (outcome === 'finished') {
    await valley?.finish(steps);
    run.finishTraining(steps);
  }
  const training = { seconds: monotonicSeconds() - since, units: steps - network.start.step };
  return { outcome, step: saved, ...(outcome === 'finished' ? { training } : {}) };
}
