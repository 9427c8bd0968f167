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
  /** The batch of step number `step`, from 0. */
  batch(step: number): NamedArrays;
  /** How long to measure, warm-up not counted. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

const warmUps = 3;
const fewest = 5;
const most = 200;
/** Timed ops are kept for every step. */
const mostWatched = 30;

/** Times steps of a trainer as the engine makes it. Throws the signal's reason when it fires. */
export async function profileAsRun(request: ProfileRequest): Promise<StepProfile> {
  const { engine, options, inputs, batch } = request;
  const watch = engine.tier === 'tensorflow' ? watchGraphs() : undefined;
  const trainer = engine.createTrainer(options);
  try {
    const execution = trainer.prepare(batch(0), inputs);
    const nodes = watch?.nodes;
    const parts: Record<'graph' | 'feeding' | 'reading' | 'javascript', number>[] = [];
    const times = await repeat(request, trainer, most, (time) => {
      if (watch !== undefined) parts.push(divide(time, watch));
    });
    const measured = parts.slice(-times.length);
    const median = (part: keyof (typeof parts)[number]) => medianOf(measured.map((one) => one[part]));
    return {
      ...execution,
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

function divide(time: number, watch: GraphWatch) {
  const { graph, feeding, reading } = watch;
  watch.reset();
  return { graph, feeding, reading, javascript: time - graph - feeding - reading };
}

/** Times every op of steps that run op by op, and such steps without timing their ops. */
export async function profileOpByOp(request: ProfileRequest): Promise<OpsProfile> {
  const steps: CallLog[] = [];
  let log = new CallLog();
  const trainer = createEagerTrainer(watchStep(request.options, () => log));
  try {
    const plain = await repeat(request, trainer, mostWatched, () => {
      log = new CallLog();
    });
    const restore = watchOps(() => log);
    try {
      await repeat(request, trainer, mostWatched, () => {
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

/** Milliseconds of steps after a warm-up; `after` hears of all steps. */
async function repeat(
  { inputs, batch, seconds, signal }: ProfileRequest,
  trainer: Pick<Trainer, 'step'>,
  limit: number,
  after: (milliseconds: number) => void,
): Promise<number[]> {
  const times: number[] = [];
  let spent = 0;
  for (let step = 0; step < warmUps + limit; step++) {
    if (times.length >= fewest && spent > seconds * 1000) break;
    await setImmediate();
    signal.throwIfAborted();
    const fed = batch(step);
    const start = performance.now();
    trainer.step(fed, inputs);
    const time = performance.now() - start;
    after(time);
    if (step < warmUps) continue;
    times.push(time);
    spent += time;
  }
  return times;
}
