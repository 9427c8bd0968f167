import { setImmediate } from 'node:timers/promises';
import { median } from 'simple-statistics';
import type { Dataset } from '../../datasets/dataset.js';
import type { Engine, NamedArrays, Trainer } from '../../engine/engine.js';
import { loadModel } from '../../models/index.js';
import { keepProcessors } from '../../models/nac/pruning/keep-processors.js';
import { chooseProcessors, type Ranking } from '../../models/nac/pruning/order-processors.js';
import { type NacConfig, withProcessors } from '../../models/nac/pruning/pruned-config.js';
import { countOutputs, layOutHeads } from '../../variables/targets.js';
import { createFeed } from '../training/batches/feed.js';
import { holdParameters } from './hold-parameters.js';

/** One circuit among those that are measured: all of a trained one, or some of its processors. */
export interface Net {
  /** `whole`, or how the processors were chosen. */
  readonly order: string;
  readonly draw: number;
  /** Ascending. */
  readonly kept: Uint32Array;
}

/** The circuits that are left of one by an order: one of every size, as many as draws where they are drawn. */
export function listNets(
  {
    order,
    draws,
    ...ranking
  }: Pick<Ranking, 'order' | 'processors' | 'degrees' | 'seed'> & { readonly draws: number },
  counts: readonly number[],
): Net[] {
  return counts.flatMap((count) =>
    Array.from({ length: order === 'random' ? draws : 1 }, (_, draw) => ({
      order,
      draw,
      kept: chooseProcessors({ ...ranking, order, draw }, count),
    })),
  );
}

export interface NetsOptions {
  readonly engine: Engine;
  readonly model: NacConfig;
  readonly dataset: Dataset;
  /** As evaluation takes them. */
  readonly parameters: NamedArrays;
  readonly batchSize: number;
}

/** Circuits of one training, side by side. */
export interface Nets {
  /** Outputs `[examples, outputs]` of every net; each batch of inputs is made once for all of them. */
  predict(
    nets: readonly Net[],
    examples: Uint32Array,
    progress: (examples: number) => void,
  ): Promise<Float32Array[]>;
  /** Images per second of circuits with so many processors, inputs at hand. */
  speed(counts: readonly number[], examples: Uint32Array): Promise<ReadonlyMap<number, number>>;
  dispose(): void;
}

interface Level {
  readonly trainer: Trainer;
  readonly predict: (batch: NamedArrays) => NamedArrays;
}

/** Nets of one size share a graph: only their parameters are exchanged. */
export async function openNets(options: NetsOptions): Promise<Nets> {
  const { engine, model, dataset, parameters, batchSize } = options;
  const outputs = countOutputs(layOutHeads(dataset.table, dataset.targets));
  const feed = createFeed(dataset, batchSize);
  const levels = new Map<number, Level>();

  async function levelOf(kept: Uint32Array): Promise<Level> {
    const known = levels.get(kept.length);
    if (known !== undefined) return known;
    const { apply } = await loadModel(withProcessors(model, kept.length), {
      inputs: dataset.inputs,
      outputs,
    });
    const trainer = holdParameters(engine, keepProcessors(parameters, kept));
    const level = { trainer, predict: trainer.inference(apply) };
    levels.set(kept.length, level);
    return level;
  }

  return {
    async predict(nets, examples, progress) {
      const states = nets.map(({ kept }) => ({
        parameters: keepProcessors(parameters, kept),
        slots: {},
        step: 0,
      }));
      const found = nets.map(() => new Float32Array(examples.length * outputs));
      for (let start = 0; start < examples.length; start += batchSize) {
        const part = examples.subarray(start, start + batchSize);
        const batch = feed.fill(fillUp(part, batchSize));
        for (const [at, { kept }] of nets.entries()) {
          const { trainer, predict } = await levelOf(kept);
          trainer.restore(states[at]!);
          const { prediction } = predict(batch);
          found[at]!.set(prediction!.data.subarray(0, part.length * outputs), start * outputs);
          await setImmediate();
          progress(part.length);
        }
      }
      return found;
    },
    async speed(counts, examples) {
      const batch = feed.fill(fillUp(examples.subarray(0, batchSize), batchSize));
      const timed = await Promise.all(
        counts.map(async (count) => {
          const { predict } = await levelOf(Uint32Array.from({ length: count }, (_, index) => index));
          return { count, predict, times: [] as number[] };
        }),
      );
      for (let round = 0, since = performance.now(); !isEnough(round, since, counts.length); round++) {
        // In turns, so that what else the machine does meets all of them alike.
        for (const { predict, times } of timed) {
          const start = performance.now();
          predict(batch);
          times.push(performance.now() - start);
        }
        await setImmediate();
      }
      return new Map(
        timed.map(({ count, times }) => [count, batchSize / (median(times.slice(warmUp)) / 1000)]),
      );
    },
    dispose() {
      for (const { trainer } of levels.values()) trainer.dispose();
      levels.clear();
    },
  };
}

const warmUp = 2;

/** At least 10 batches of each beyond the first two, at most 200, within a second each. */
function isEnough(rounds: number, since: number, nets: number): boolean {
  return rounds >= warmUp + 200 || (rounds >= warmUp + 10 && performance.now() - since > 1000 * nets);
}

function fillUp(examples: Uint32Array, size: number): Uint32Array {
  const filled = new Uint32Array(size).fill(examples.at(-1)!);
  filled.set(examples);
  return filled;
}
