import { createInterface } from 'node:readline';
import { monotonicSeconds } from '../../../src/core/clock.js';
import { sizeOf } from '../../../src/core/numbers/shape.js';
import { startEngine } from '../../../src/engine/backends/start.js';
import type {
  Engine,
  NamedArray,
  NamedArrays,
  SharedTrainer,
  TrainerOptions,
} from '../../../src/engine/engine.js';
import { watchGraphs } from '../../../src/engine/profile/watch-graphs.js';
import { batchOfRows, type ResidentData, type StoredArray } from '../../../src/engine/resident.js';
import { fillUniform } from '../../../src/random/draw.js';
import { stream } from '../../../src/random/stream.js';
import { createAdam } from '../../../src/training/optimizers/adam.js';
import { createTask, type TaskName } from './tasks.js';

export interface ResidentRequest {
  readonly task: TaskName;
  readonly replicas: number;
  readonly way: 'fed' | 'resident';
  /** Calls of one step or several. */
  readonly repeats: number;
}

export interface ResidentAnswer {
  /** Milliseconds per step of all replicas, choosing or filling their batches included. */
  readonly times: readonly number[];
  /** Milliseconds per step outside of TensorFlow's calls. */
  readonly outside: number;
  readonly stepsPerCall: number;
  readonly losses: readonly number[];
  /** Most memory that the process has held, in bytes. */
  readonly memory: number;
}

const examples = 4096;
const pixelValues = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
const inputs = { learningRate: 1e-3 };

/** Answers each request, one JSON line each, with times of steps whose data are fed or resident. */
export async function serveResident(threads: number, sideBySide: boolean): Promise<void> {
  const engine = await startEngine({ backend: 'tensorflow', threads, sideBySide });
  const running = new Map<string, Promise<Crew>>();
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as ResidentRequest;
    const key = JSON.stringify([request.task, request.replicas, request.way]);
    const crew = running.get(key) ?? startCrew(engine, request);
    running.set(key, crew);
    process.stdout.write(`${JSON.stringify(await (await crew)(request.repeats))}\n`);
  }
}

/** Measures so many calls. */
type Crew = (repeats: number) => Promise<ResidentAnswer>;

async function startCrew(engine: Engine, { task, replicas, way }: ResidentRequest): Promise<Crew> {
  const watch = watchGraphs();
  const data = storeExamples(task);
  const group = replicas > 1 ? engine.createReplicas!(replicas) : undefined;
  const members = Array.from({ length: replicas }, (_, seed) => {
    const { parameters, loss, batch } = createTask(task, seed);
    const options: TrainerOptions = {
      parameters,
      loss,
      optimizer: createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
      steps: 1e6,
      ...(way === 'resident' ? { resident: data } : {}),
    };
    const trainer: SharedTrainer = group?.createTrainer(options) ?? engine.createTrainer(options);
    const enter = way === 'fed' ? createFill(data, batch) : enterRows;
    const size = Object.values(batch)[0]!.shape[0]!;
    trainer.prepare(createFill(data, batch)(rowsOf(seed, size)), inputs);
    return { trainer, at: (step: number) => enter(rowsOf(step + seed, size)) };
  });
  let step = 0;
  const advance = async () => {
    const several = members[0]!.trainer.several?.();
    const count = several === undefined ? 1 : 8;
    const first = step;
    const start = monotonicSeconds();
    const losses = await Promise.all(
      members.map(async ({ trainer, at }) => {
        const own = trainer.several?.();
        if (own === undefined) return await trainer.step(at(first), inputs);
        return (await own.run(count, (index) => ({ batch: at(first + index), inputs })))[0]!;
      }),
    );
    step += count;
    return { time: ((monotonicSeconds() - start) * 1000) / count, count, losses };
  };
  const { losses } = await advance();
  for (let warm = 0; warm < 20; warm++) await advance();
  return async (repeats) => {
    const times: number[] = [];
    const outside: number[] = [];
    let stepsPerCall = 1;
    for (let repeat = 0; repeat < repeats; repeat++) {
      watch.reset();
      const { time, count } = await advance();
      times.push(time);
      outside.push(time - watch.graph / count);
      stepsPerCall = count;
    }
    const memory = process.resourceUsage().maxRSS * 1024;
    return { times, outside: outside.sort((a, b) => a - b)[repeats >> 1]!, stepsPerCall, losses, memory };
  };
}

function rowsOf(step: number, size: number): Int32Array {
  const rows = new Int32Array(size);
  for (let at = 0; at < size; at++) rows[at] = (Math.imul(step * size + at, 2654435761) >>> 8) % examples;
  return rows;
}

const enterRows = (rows: Int32Array): NamedArrays => batchOfRows(rows);

/** Images as bytes, other inputs as floats, labels as integers. */
function storeExamples(task: TaskName): ResidentData {
  const { batch } = createTask(task);
  const arrays = Object.entries(batch).map(([name, { shape, data }]): [string, StoredArray] => {
    const own = shape.slice(1);
    const width = sizeOf(own);
    const draws = new Float32Array(examples * width);
    fillUniform(stream(0, 'bench', name), draws, 0, own.length === 3 ? 256 : 1);
    const numbers =
      own.length === 3
        ? Uint8Array.from(draws)
        : data instanceof Int32Array
          ? Int32Array.from(draws, (draw) => Math.floor(2 * draw))
          : draws;
    const form =
      own.length === 3 ? { values: pixelValues } : data instanceof Int32Array ? 'int32' : 'float32';
    const read = (start: number, count: number) => numbers.slice(start * width, (start + count) * width);
    return [name, { shape: own, form, read }];
  });
  return { key: task, examples, arrays: Object.fromEntries(arrays) };
}

/** Fills batches from memory as datasets do. */
function createFill({ arrays }: ResidentData, like: NamedArrays): (rows: Int32Array) => NamedArrays {
  const sources = Object.entries(arrays).map(([name, stored]) => {
    const { shape, data } = like[name]!;
    const all = stored.read(0, examples);
    const array: NamedArray = { shape, data: data.slice() };
    return { name, array, all, width: sizeOf(stored.shape) };
  });
  const batch = Object.fromEntries(sources.map(({ name, array }) => [name, array]));
  return (rows) => {
    for (const { array, all, width } of sources) {
      for (let at = 0; at < rows.length; at++) {
        const from = rows[at]! * width;
        if (!(all instanceof Uint8Array)) array.data.set(all.subarray(from, from + width), at * width);
        else for (let j = 0; j < width; j++) array.data[at * width + j] = all[from + j]! / 255;
      }
    }
    return batch;
  };
}
