import { setImmediate } from 'node:timers/promises';
import { tensorFlow } from '../backends/tensorflow-backend.js';
import type { Engine, NamedArrays, StepInputs, Trainer, TrainerOptions } from '../engine.js';
import { createEagerTrainer } from '../trainer.js';
import { CallLog } from './calls.js';
import { medianOf, type OpsProfile, type StepProfile, spreadOf } from './profile.js';
import { summarise } from './summarise.js';
import { watchOps } from './watch.js';
import { type GraphWatch, watchGraphs } from './watch-graphs.js';
import { watchStep } from './watch-step.js';

export interface ProfileRequest {
  readonly engine: Engine;
  readonly options: TrainerOptions;
  readonly inputs: StepInputs;
  /** The batch of step number `step`, from 0; as rows of resident data, if these are asked for. */
  batch(step: number, asRows: boolean): NamedArrays;
  /** How long to measure, warm-up not counted. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

const warmUps = 3;
const fewest = 5;
const most = 200;
/** Timed ops are kept for every step. */
const mostWatched = 30;

/**
 * Times steps of a trainer as the engine makes it, several in one call where it does so. Throws the signal's reason
 * when it fires.
 */
export async function profileAsRun(request: ProfileRequest): Promise<StepProfile> {
  const { engine, options, inputs, batch } = request;
  const watch = engine.tier === 'tensorflow' ? watchGraphs() : undefined;
  const trainer = engine.createTrainer(options);
  try {
    const execution = trainer.prepare(batch(0, false), inputs);
    const nodes = watch?.nodes;
    const parts: Parts[] = [];
    const times = await repeat(
      request,
      advance(trainer, request, execution.resident > 0),
      most,
      (time, count) => {
        if (watch !== undefined) parts.push(divide(time, count, watch));
      },
    );
    const measured = parts.slice(-times.length);
    const median = (part: keyof Parts) => medianOf(measured.map((one) => one[part]));
    return {
      ...execution,
      stepsPerCall: trainer.several?.()?.most ?? 1,
      step: spreadOf(times),
      ...(execution.compiled && {
        parts: {
          graph: median('graph'),
          feeding: median('feeding'),
          reading: median('reading'),
          javascript: median('javascript'),
        },
        nodes: nodes ?? 0,
      }),
    };
  } finally {
    trainer.dispose();
    watch?.end();
  }
}

type Parts = NonNullable<StepProfile['parts']>;

/** @param time Of one of the `count` steps that a call made. */
function divide(time: number, count: number, watch: GraphWatch): Parts {
  const [graph, feeding, reading] = [watch.graph / count, watch.feeding / count, watch.reading / count];
  watch.reset();
  return { graph, feeding, reading, javascript: time - graph - feeding - reading };
}

/** Times every op of steps that run op by op, and such steps without timing their ops. */
export async function profileOpByOp(request: ProfileRequest): Promise<OpsProfile> {
  const steps: CallLog[] = [];
  let log = new CallLog();
  const trainer = createEagerTrainer(watchStep(request.options, () => log));
  try {
    const plain = await repeat(request, advance(trainer, request), mostWatched, () => {
      log = new CallLog();
    });
    const restore = watchOps(() => log);
    try {
      await repeat(request, advance(trainer, request), mostWatched, () => {
        steps.push(log);
        log = new CallLog();
      });
    } finally {
      restore();
    }
    const asynchronous = request.engine.tier === 'tensorflow' && tensorFlow().isUsingGpuDevice;
    return { ...summarise(steps.slice(warmUps)), step: spreadOf(plain), asynchronous };
  } finally {
    trainer.dispose();
  }
}

/** Makes the steps of one call, the first of which is number `step`. */
interface Advance {
  readonly count: number;
  /** Returns its milliseconds, but for those that filling the batches took. */
  run(step: number): number;
}

function advance(trainer: Trainer, { batch, inputs }: ProfileRequest, asRows = false): Advance {
  let filling = 0;
  const fill = (step: number): NamedArrays => {
    const start = performance.now();
    const filled = batch(step, asRows);
    filling += performance.now() - start;
    return filled;
  };
  const several = trainer.several?.();
  return {
    count: several?.most ?? 1,
    run(step) {
      filling = 0;
      const start = performance.now();
      if (several === undefined) trainer.step(fill(step), inputs);
      else several.run(several.most, (index) => ({ batch: fill(step + index), inputs }));
      return performance.now() - start - filling;
    },
  };
}

/** Milliseconds per step of calls after a warm-up; `after` hears of all calls. */
async function repeat(
  { seconds, signal }: ProfileRequest,
  { count, run }: Advance,
  limit: number,
  after: (milliseconds: number, count: number) => void,
): Promise<number[]> {
  const times: number[] = [];
  let spent = 0;
  for (let call = 0; call < warmUps + limit; call++) {
    if (times.length >= fewest && spent > seconds * 1000) break;
    await setImmediate();
    signal.throwIfAborted();
    const time = run(call * count);
    after(time / count, count);
    if (call < warmUps) continue;
    times.push(time / count);
    spent += time;
  }
  return times;
}
