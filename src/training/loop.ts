import { setImmediate } from 'node:timers/promises';
import type { NamedArrays, SharedTrainer, TrainState } from '../engine/engine.js';
import { countUp } from '../random/draw.js';
import { divergenceError, findNonFinite } from './divergence.js';
import { createPace } from './pace.js';

/** What the loop itself carries from step to step: part of every checkpoint. */
export interface LoopState {
  /** Updates made. */
  readonly step: number;
  /** Sum and number of the losses since the last line of metrics. */
  readonly lossSum: number;
  readonly lossCount: number;
}

export const loopStart: LoopState = { step: 0, lossSum: 0, lossCount: 0 };

export interface LoopOptions {
  /** Holds the state that belongs to `start`. */
  readonly trainer: Pick<SharedTrainer, 'step' | 'state' | 'several'>;
  readonly start: LoopState;
  /** Updates to make in all. */
  readonly steps: number;
  readonly logEvery: number;
  readonly checkpointEvery: number;
  /** Runs before update 0 and every so many updates: a pure function of the state, of which it changes a part. */
  readonly refresh?: { readonly every: number; run(): void };
  /** Runs before these updates, from 0, and changes the state. */
  readonly restart?: { readonly before: readonly number[]; run(step: number): void | Promise<void> };
  /** Runs every so many steps and after the last one. */
  readonly monitor?: { readonly every: number; run(step: number): void | Promise<void> };
  /** The batch of update number `step`, counted from 0. Pure. */
  batch(step: number): NamedArrays;
  /** The learning rate of update number `step`, counted from 0. Pure. */
  learningRate(step: number): number;
  /** What else enters update number `step`, counted from 0: numbers of the objective, the key of random draws. Pure. */
  numbers?(step: number): Readonly<Record<string, number>>;
  /** Mean training loss of the updates since the last line, each taken before its update. */
  log(line: { readonly step: number; readonly loss: number; readonly learningRate: number }): void;
  checkpoint(state: TrainState, loop: LoopState): void;
  /** At most a few times per second; rate in updates per second. */
  progress(state: { readonly step: number; readonly loss: number; readonly rate: number }): void;
  /** When it fires, the loop saves a checkpoint after the current update and stops. */
  readonly signal: AbortSignal;
}

/**
 * Makes the updates from `start` to `steps`, and a checkpoint at the end. What it does depends only on its
 * options and the state in the trainer, so that a loop stopped at any step and started again from its
 * checkpoint ends with the same bits. Throws HeldoutError when the loss or the parameters are not finite.
 */
export async function train(options: LoopOptions): Promise<'finished' | 'interrupted'> {
  const { trainer, start, steps, signal } = options;
  const pace = createPace(start.step);
  let saved = start.step > 0 ? start.step : undefined;
  let { lossSum, lossCount } = start;

  const diverged = (what: string, step: number) => {
    const learningRate = options.learningRate(step - 1);
    const peakRate = countUp(step).reduce((most, at) => Math.max(most, options.learningRate(at)), 0);
    return divergenceError({ what, step, learningRate, peakRate, lastCheckpoint: saved });
  };
  const readState = (step: number): TrainState => {
    const state = trainer.state();
    const broken = findNonFinite(state);
    if (broken !== undefined) throw diverged(`${broken} has values that are not finite`, step);
    return state;
  };
  const checkpoint = (step: number): void => {
    if (saved === step) return;
    options.checkpoint(readState(step), { step, lossSum, lossCount });
    saved = step;
  };

  const inputsAt = (step: number) => ({
    learningRate: options.learningRate(step - 1),
    ...options.numbers?.(step - 1),
  });
  /** The losses of the next updates: of several at once where they end before something else is due. */
  const advance = async (step: number): Promise<readonly number[]> => {
    const several = trainer.several?.();
    const count = Math.min(several?.most ?? 1, nextStop(step, options) - step + 1);
    if (several === undefined || count < several.least) {
      return [await trainer.step(options.batch(step - 1), inputsAt(step))];
    }
    return await several.run(count, (index) => ({
      batch: options.batch(step - 1 + index),
      inputs: inputsAt(step + index),
    }));
  };

  for (let step = start.step; step < steps; ) {
    // Between two calls the process sees signals, its parent and its own timers.
    await setImmediate();
    if (signal.aborted) {
      if (step > 0) checkpoint(step);
      return 'interrupted';
    }
    if (options.refresh !== undefined && step % options.refresh.every === 0) options.refresh.run();
    if (options.restart?.before.includes(step) === true) await options.restart.run(step);
    for (const loss of await advance(step + 1)) {
      step++;
      if (!Number.isFinite(loss)) throw diverged(`the training loss is ${loss}`, step);
      lossSum += loss;
      lossCount++;
      if (step === steps || step % options.logEvery === 0) {
        options.log({ step, loss: lossSum / lossCount, learningRate: options.learningRate(step - 1) });
        lossSum = 0;
        lossCount = 0;
      }
      const rate = pace.measure(step);
      if (rate !== undefined) options.progress({ step, loss, rate });
    }
    const last = step === steps;
    if (options.monitor !== undefined && (last || step % options.monitor.every === 0)) {
      readState(step);
      await options.monitor.run(step);
    }
    if (last || step % options.checkpointEvery === 0) checkpoint(step);
  }
  return 'finished';
}

/** The next update, from `step` on, after which the state is looked at or changed. */
function nextStop(step: number, options: LoopOptions): number {
  const { steps, checkpointEvery, monitor, refresh, restart } = options;
  const next = (every = steps) => Math.ceil(step / every) * every;
  const restarting = restart?.before.filter((before) => before >= step) ?? [];
  return Math.min(steps, ...restarting, next(checkpointEvery), next(monitor?.every), next(refresh?.every));
}
