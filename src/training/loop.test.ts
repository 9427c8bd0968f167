import { mean, squaredDifference } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import type { Engine, NamedArray, NamedArrays, SeveralSteps, TrainState } from '../engine/engine.js';
import { linear } from '../engine/ops/fused.js';
import { fillUniform } from '../random/draw.js';
import { stream } from '../random/stream.js';
import { type LoopOptions, type LoopState, loopStart, train } from './loop.js';
import { createAdam } from './optimizers/adam.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

const draw = (seed: number, ...shape: number[]): NamedArray => ({
  shape,
  data: fillUniform(stream(seed, 'test'), new Float32Array(shape.reduce((a, b) => a * b, 1)), -1, 1),
});
const parameters: NamedArrays = {
  w1: draw(1, 4, 8),
  b1: draw(2, 8),
  w2: draw(3, 8, 2),
  b2: draw(4, 2),
};
const batchOf = (step: number): NamedArrays => ({ x: draw(100 + step, 16, 4), y: draw(200 + step, 16, 2) });

const createTrainer = () =>
  engine.createTrainer({
    parameters,
    optimizer: createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
    loss: (p, { x, y }) => {
      const hidden = linear(x!, p.w1!, p.b1!, 'relu');
      return mean(squaredDifference(linear(hidden, p.w2!, p.b2!), y!));
    },
  });

interface Saved {
  readonly state: TrainState;
  readonly loop: LoopState;
  readonly lines: number;
}

/** A run of the loop that keeps what a run folder would: lines of metrics, and the last checkpoint. */
async function runLoop(options: Partial<LoopOptions> = {}, saved?: Saved, lines: unknown[] = []) {
  const trainer = createTrainer();
  if (saved !== undefined) trainer.restore(saved.state);
  lines.length = saved?.lines ?? 0;
  const checkpoints: Saved[] = saved === undefined ? [] : [saved];
  const outcome = await train({
    trainer,
    start: saved?.loop ?? loopStart,
    steps: 23,
    logEvery: 5,
    checkpointEvery: 10,
    batch: batchOf,
    learningRate: () => 0.01,
    log: (line) => lines.push(line),
    checkpoint: (state, loop) => checkpoints.push({ state, loop, lines: lines.length }),
    progress: () => {},
    signal: new AbortController().signal,
    ...options,
  });
  trainer.dispose();
  return { outcome, lines, checkpoints, last: checkpoints.at(-1) };
}

/** Makes them one by one. */
const inGroups = (count: number, calls: number[]) => {
  const trainer = createTrainer();
  const run: SeveralSteps['run'] = (_, at) => {
    calls.push(count);
    return Array.from({ length: count }, (_, index) => {
      const { batch, inputs } = at(index);
      return trainer.step(batch, inputs);
    });
  };
  return { ...trainer, several: () => ({ least: count, most: count, run }) };
};

describe('the training loop', () => {
  it('logs and saves at the set steps and at the end', async () => {
    const monitored: number[] = [];
    const monitor = { every: 8, run: (step: number) => void monitored.push(step) };
    const { outcome, lines, checkpoints } = await runLoop({ monitor });
    expect(outcome).toBe('finished');
    expect(lines.map((line) => (line as { step: number }).step)).toEqual([5, 10, 15, 20, 23]);
    expect(checkpoints.map(({ loop, state }) => [loop.step, state.step])).toEqual([
      [10, 10],
      [20, 20],
      [23, 23],
    ]);
    expect(monitored).toEqual([8, 16, 23]);
  });

  it('ends with the same bits when it is interrupted anywhere and started again', async () => {
    const whole = await runLoop();
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 23 }), { maxLength: 3 }), async (stops) => {
        const lines: unknown[] = [];
        let saved: Saved | undefined;
        for (const stop of [...stops.sort((a, b) => a - b), Number.POSITIVE_INFINITY]) {
          const controller = new AbortController();
          const batch = (step: number) => {
            if (step + 1 >= stop) controller.abort();
            return batchOf(step);
          };
          const { outcome, last } = await runLoop({ batch, signal: controller.signal }, saved, lines);
          expect(outcome).toBe(stop < 23 ? 'interrupted' : 'finished');
          expect(last?.loop.step).toBe(Math.min(stop, 23));
          saved = last;
        }
        expect(saved).toEqual(whole.last);
        expect(lines).toEqual(whole.lines);
      }),
      { numRuns: 8 },
    );
  });

  it('ends with the same bits after a crash, which leaves lines behind the last checkpoint', async () => {
    const whole = await runLoop();
    const lines: unknown[] = [];
    const checkpoints: Saved[] = [];
    const crash = runLoop(
      {
        batch: (step) => {
          if (step === 17) throw new Error('killed');
          return batchOf(step);
        },
        checkpoint: (state, loop) => checkpoints.push({ state, loop, lines: lines.length }),
      },
      undefined,
      lines,
    );
    await expect(crash).rejects.toThrow('killed');
    expect(lines).toHaveLength(3);
    const resumed = await runLoop({}, checkpoints.at(-1), lines);
    expect(resumed.last).toEqual(whole.last);
    expect(resumed.lines).toEqual(whole.lines);
  });

  it('trains the same with and without a monitor, whatever is logged and saved', async () => {
    const { last } = await runLoop();
    const other = await runLoop({
      logEvery: 1,
      checkpointEvery: 3,
      monitor: { every: 2, run: () => Promise.resolve() },
    });
    expect(other.last?.state).toEqual(last?.state);
  });

  it('enters the numbers of a step beside its learning rate', async () => {
    const seen: unknown[] = [];
    const { step: make, state } = createTrainer();
    const step: typeof make = (batch, inputs) => {
      seen.push(inputs);
      return make(batch, inputs);
    };
    const { lines } = await runLoop({
      trainer: { step, state },
      steps: 3,
      numbers: (at) => ({ key: 10 * at }),
    });
    expect(seen).toEqual([0, 10, 20].map((key) => ({ learningRate: 0.01, key })));
    expect(lines).toEqual([{ step: 3, loss: expect.any(Number), learningRate: 0.01 }]);
  });

  it('refreshes a part of the state before the first step and every so many, wherever it starts', async () => {
    const startOf = (step: number): Saved => ({
      state: { ...createTrainer().state(), step },
      loop: { ...loopStart, step },
      lines: 0,
    });
    const refreshedFrom = async (step: number) => {
      const refreshed: number[] = [];
      const trainer = createTrainer();
      trainer.restore(startOf(step).state);
      const run = () => void refreshed.push(trainer.state().step);
      await runLoop({ trainer, refresh: { every: 6, run } }, startOf(step));
      return refreshed;
    };
    expect(await refreshedFrom(0)).toEqual([0, 6, 12, 18]);
    expect(await refreshedFrom(6)).toEqual([6, 12, 18]);
    expect(await refreshedFrom(7)).toEqual([12, 18]);
  });

  it('restarts before some updates, wherever it starts, and ends several updates there', async () => {
    const restarted: number[] = [];
    const trainer = inGroups(4, []);
    const run = () => void restarted.push(trainer.state().step);
    await runLoop({ trainer, restart: { before: [6, 13], run } });
    trainer.dispose();
    expect(restarted).toEqual([6, 13]);
  });

  it('saves nothing when it is stopped before the first step', async () => {
    const { outcome, checkpoints } = await runLoop({ signal: AbortSignal.abort() });
    expect([outcome, checkpoints]).toEqual(['interrupted', []]);
  });

  it('lets timers of the process run between steps', async () => {
    let beats = 0;
    const timer = setInterval(() => beats++, 1);
    await runLoop({ steps: 200 });
    clearInterval(timer);
    expect(beats).toBeGreaterThan(2);
  });
});

describe('several updates in one call', () => {
  it.each([2, 4, 7])('%i at once log, save and end as single ones do', async (count) => {
    const monitored: [number[], number[]] = [[], []];
    const monitor = (index: 0 | 1) => ({ every: 8, run: (step: number) => void monitored[index].push(step) });
    const whole = await runLoop({ monitor: monitor(0) });
    const calls: number[] = [];
    const trainer = inGroups(count, calls);
    const grouped = await runLoop({ monitor: monitor(1), trainer });
    trainer.dispose();
    expect(grouped.lines).toEqual(whole.lines);
    expect(grouped.checkpoints).toEqual(whole.checkpoints);
    expect(monitored[1]).toEqual(monitored[0]);
    expect(calls.length).toBeGreaterThan(0);
  });

  it('end where the state is to be refreshed', async () => {
    const refreshed: number[] = [];
    const trainer = inGroups(4, []);
    const run = () => void refreshed.push(trainer.state().step);
    await runLoop({ trainer, refresh: { every: 6, run } });
    expect(refreshed).toEqual([0, 6, 12, 18]);
    trainer.dispose();
  });

  it('name the very step that diverged', async () => {
    const trainer = inGroups(4, []);
    const batch = (step: number): NamedArrays => {
      const { x, y } = batchOf(step);
      if (step === 12) y!.data[0] = Number.NaN;
      return { x: x!, y: y! };
    };
    await expect(runLoop({ batch, trainer })).rejects.toMatchObject({
      message: expect.stringContaining('at step 13: the training loss is NaN'),
    });
    trainer.dispose();
  });
});

describe('a loss that is not a number', () => {
  it('names the step, the last good checkpoint and what to try', async () => {
    const batch = (step: number): NamedArrays => {
      const { x, y } = batchOf(step);
      if (step === 12) y!.data[0] = Number.NaN;
      return { x: x!, y: y! };
    };
    await expect(runLoop({ batch })).rejects.toMatchObject({
      code: 'E_TRAINING_DIVERGED',
      exitCode: 1,
      message:
        'training diverged at step 13: the training loss is NaN; the last good checkpoint is the one of step 10',
      hints: [
        'lower the learning rate (it is 0.01): training.optimizer.learning_rate=0.001',
        'find the step at which the loss begins to rise: training.log_every=1',
        'try the model on one batch only: debug=overfit',
      ],
    });
  });

  it('is put down to the largest learning rate that a schedule had', async () => {
    const batch = (step: number) => (step === 2 ? { ...batchOf(step), y: notANumber } : batchOf(step));
    const notANumber = { shape: [16, 2], data: new Float32Array(32).fill(Number.NaN) };
    await expect(runLoop({ batch, learningRate: (step) => [0.02, 0.08, 0.01][step]! })).rejects.toMatchObject(
      {
        hints: expect.arrayContaining([
          'lower the learning rate (it is 0.01, and was up to 0.08): training.optimizer.learning_rate=0.008',
        ]),
      },
    );
  });

  it('is found before a first checkpoint, too', async () => {
    await expect(runLoop({ learningRate: () => 1e30 })).rejects.toMatchObject({
      code: 'E_TRAINING_DIVERGED',
      message: expect.stringContaining('there is no earlier checkpoint'),
    });
  });

  it('never leads to a checkpoint with values that are not finite', async () => {
    const saved: number[] = [];
    const run = runLoop({
      checkpointEvery: 1,
      learningRate: (step) => (step === 3 ? Number.MAX_VALUE : 0.01),
      checkpoint: (_, { step }) => saved.push(step),
    });
    await expect(run).rejects.toMatchObject({
      message: expect.stringMatching(/at step 4: \w+ has values that are not finite/),
    });
    expect(saved).toEqual([1, 2, 3]);
  });
});
