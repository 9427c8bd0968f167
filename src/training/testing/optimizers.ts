import { readFileSync } from 'node:fs';
import { addN, mul, sum } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { sizeOf } from '../../core/numbers/shape.js';
import type { NamedArrays, Optimizer, SharedTrainer, Trainer, TrainerOptions } from '../../engine/engine.js';
import { loadOptimizer, type OptimizerConfig } from '../optimizers/index.js';
import type { ScheduleConfig } from '../schedules.js';

/** The section of a config, flat, without what has its usual value. */
interface Options {
  readonly name: OptimizerConfig['name'];
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly clip_norm?: number;
  readonly clip_value?: number;
  readonly average?: { readonly decay: number; readonly start: number };
}

export interface GoldenOptimizer {
  readonly options: Options;
  readonly learningRate: number;
  readonly parameters: readonly (readonly number[])[];
}

/** See scripts/golden/optimizers.py. */
export interface OptimizersGolden {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly at: readonly number[];
  readonly optimizers: readonly GoldenOptimizer[];
  readonly schedules: readonly {
    readonly options: ScheduleConfig;
    readonly learningRate: number;
    readonly steps: number;
    readonly rates: readonly number[];
  }[];
}

export const golden = JSON.parse(
  readFileSync(new URL('./optimizers-golden.json', import.meta.url), 'utf8'),
) as OptimizersGolden;

const names = Object.keys(golden.shapes);
const steps = golden.at.at(-1)!;

function uniform(stream: number, index: number): number {
  return ((stream * 7919 + index * 104729 + 12345) % 65537) / 65537;
}

function arrays(value: (parameter: number, index: number) => number): NamedArrays {
  return Object.fromEntries(
    Object.entries(golden.shapes).map(([name, shape], parameter) => {
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, index) => value(parameter, index));
      return [name, { shape, data }];
    }),
  );
}

/** The gradients of step `t`, from 0. */
function gradientsOf(t: number): NamedArrays {
  const scale = [1, 0.25, 2, 0.5][t % 4]!;
  return arrays((p, index) => (2 * uniform(10 + 3 * t + p, index) - 1) * 10 ** -(index % 8) * scale);
}

/** A loss whose gradients are the batch. */
const loss: TrainerOptions['loss'] = (parameters, batch) =>
  addN(names.map((name) => sum(mul(parameters[name]!, batch[name]!))));

function rateOf(full: number, t: number): number {
  return (full * (1 + Math.cos((Math.PI * t) / steps))) / 2;
}

function load({ clip_norm, clip_value, average, ...options }: Options): Promise<Optimizer> {
  return loadOptimizer({
    optimizer: { learning_rate: 1, ...options } as OptimizerConfig,
    clip_norm: clip_norm ?? null,
    clip_value: clip_value ?? null,
    average: average ?? { decay: null, start: 0 },
  });
}

async function advance(trainer: SharedTrainer, full: number, from: number, to: number): Promise<void> {
  for (let t = from; t < to; t++) {
    await trainer.step(gradientsOf(t), { learningRate: rateOf(full, t) });
  }
}

/** What a trainer of the case takes. */
export async function trainerOptions(options: Options): Promise<TrainerOptions> {
  const parameters = arrays((p, index) => (2 * uniform(p, index) - 1) / 10);
  return { parameters, optimizer: await load(options), loss };
}

/** Makes all steps, and compares what inference works with. */
export async function followPyTorch(trainer: SharedTrainer, one: GoldenOptimizer): Promise<void> {
  const evaluated = trainer.inference((parameters) => ({ ...parameters }));
  let step = 0;
  for (const [index, at] of golden.at.entries()) {
    await advance(trainer, one.learningRate, step, at);
    step = at;
    const found = evaluated({});
    const values = names.flatMap((name) => [...found[name]!.data]);
    const expected = one.parameters[index]!;
    const largest = Math.max(...expected.map(Math.abs));
    const error = Math.max(...expected.map((value, k) => Math.abs(value - values[k]!))) / largest;
    expect(values).toHaveLength(expected.length);
    expect(error, `${JSON.stringify(one.options)} after ${at} steps`).toBeLessThan(1e-6);
  }
}

const titledCases = golden.optimizers.map((one) => [JSON.stringify(one.options), one] as const);

/** The tests of all optimisers, on trainers of one kind. */
export function testOptimizers(createTrainer: (options: TrainerOptions) => Trainer): void {
  const create = async (options: Options) => createTrainer(await trainerOptions(options));

  it.each(titledCases)('agrees with PyTorch over 100 steps: %s', async (_, one) => {
    const trainer = await create(one.options);
    await followPyTorch(trainer, one);
    trainer.dispose();
  });

  it.each(titledCases)('continues bit for bit from a saved state: %s', async (_, one) => {
    const [whole, begun, resumed] = [
      await create(one.options),
      await create(one.options),
      await create(one.options),
    ];
    await advance(whole, one.learningRate, 0, 30);
    await advance(begun, one.learningRate, 0, 13);
    resumed.restore(begun.state());
    await advance(resumed, one.learningRate, 13, 30);
    expect(resumed.state()).toEqual(whole.state());
    const evaluated = (trainer: Trainer) => trainer.inference((parameters) => ({ ...parameters }))({});
    expect(evaluated(resumed)).toEqual(evaluated(whole));
    for (const trainer of [whole, begun, resumed]) trainer.dispose();
  });

  it('infers from the parameters before the first update, whatever averages there will be', async () => {
    const trainer = await create({
      name: 'sgd',
      momentum: 0,
      nesterov: false,
      average: { decay: 0.5, start: 0 },
    });
    const evaluated = trainer.inference((parameters) => ({ ...parameters }));
    expect(evaluated({})).toEqual(trainer.state().parameters);
    await advance(trainer, 0.1, 0, 1);
    expect(evaluated({})).toEqual(trainer.state().parameters);
    await advance(trainer, 0.1, 1, 2);
    expect(evaluated({})).not.toEqual(trainer.state().parameters);
    trainer.dispose();
  });
}
