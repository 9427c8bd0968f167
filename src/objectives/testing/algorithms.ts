import { readFileSync } from 'node:fs';
import { sizeOf } from '../../core/numbers/shape.js';
import type { NamedArrays } from '../../engine/engine.js';
import { numbers } from '../../models/testing/golden.js';
import type { Draws } from './plan.js';

/** One case: see scripts/golden/algorithms.py. */
export interface AlgorithmCase {
  readonly name: string;
  readonly variant?: string;
  readonly note?: string;
  readonly hyper: Readonly<Record<string, number | boolean>>;
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** For each update, the random numbers that it takes, by name. */
  readonly draws?: readonly Draws[];
  /** Largest difference of a weight between float64 and float32 in PyTorch. */
  readonly float32: number;
  readonly updates: readonly {
    readonly scalars: Readonly<Record<string, number>>;
    /** How far all elements of all parameters have come from their start, in units of 1e-8. */
    readonly moved: readonly number[];
    readonly predictor?: readonly number[];
    readonly state?: Readonly<Record<string, readonly number[]>>;
  }[];
}

export interface AlgorithmsGolden {
  readonly environments: number;
  readonly examples: number;
  readonly updates: number;
  readonly learningRate: number;
  readonly cases: readonly AlgorithmCase[];
}

export function readAlgorithms(): AlgorithmsGolden {
  return JSON.parse(
    readFileSync(new URL('./algorithms-golden.json', import.meta.url), 'utf8'),
  ) as AlgorithmsGolden;
}

export const environments = 3;
const inputs = 6;
const side = 4;

/** The start values of parameters, by name; streams count from `first`. */
export function startValues(parameters: AlgorithmCase['parameters'], first = 0): NamedArrays {
  return Object.fromEntries(
    parameters.map(({ name, shape }, place) => {
      const kind = name.slice(name.lastIndexOf('/') + 1);
      const scale = Math.sqrt(6 / sizeOf(shape.slice(0, -1)));
      const value = (u: number) => {
        if (kind === 'kernel' || kind === 'table') return (2 * u - 1) * scale;
        return kind === 'scale' ? u + 0.5 : (2 * u - 1) / 2;
      };
      return [name, { shape, data: Float32Array.from(numbers(first + place, sizeOf(shape)), value) }];
    }),
  );
}

/** The classes of batch `t`, environment after environment. */
export function batchLabels(t: number, examples = 8): number[] {
  return Array.from({ length: environments }, (_, e) => [
    ...numbers(100 + 10 * t + e, examples).map((u) => Math.floor(3 * u)),
  ]).flat();
}

function rows(
  t: number,
  stream: number,
  { size, examples }: { readonly size: number; readonly examples: number },
  value: (u: number, at: Place) => number,
): Float32Array {
  const labels = batchLabels(t, examples);
  const data = Array.from({ length: environments }, (_, e) =>
    [...numbers(stream + 10 * t + e, examples * size)].map((u, index) => {
      const label = labels[e * examples + Math.floor(index / size)]!;
      return value(u, { e, label, within: index % size });
    }),
  );
  return Float32Array.from(data.flat());
}

interface Place {
  readonly e: number;
  readonly label: number;
  /** Which element of the example. */
  readonly within: number;
}

/** Inputs of batch `t`, `[environments * examples, 6]` or images `[environments * examples, 4, 4, 1]`, row-major. */
export function batchInputs(t: number, images = false, examples = 8): Float32Array {
  const is = (condition: boolean) => (condition ? 1 : 0);
  if (images) {
    return rows(t, 300, { size: side * side, examples }, (u, { e, label, within }) => {
      return 2 * u - 1 + is(within % side === label) + (e - 1) / 2;
    });
  }
  return rows(t, 200, { size: inputs, examples }, (u, { e, label, within }) => {
    return 2 * u - 1 + is(within === label) + (is(within === 3) * (e - 1)) / 2;
  });
}
