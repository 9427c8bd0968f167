import { readFileSync } from 'node:fs';
import type { NamedArrays } from '../../engine/engine.js';

/** A full array, or norm, sum and some elements of a long one: see scripts/golden/pytorch.py. */
export interface Summary {
  readonly norm?: number;
  readonly sum?: number;
  readonly values: readonly number[];
}

export interface GoldenCase {
  readonly name: string;
  readonly channels: number;
  readonly outputs: number;
  readonly count: number;
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly fanIn: number;
  }[];
  readonly initial: Readonly<Record<string, { readonly largest: number; readonly deviation: number }>>;
  readonly batches: readonly {
    readonly outputs: readonly (readonly number[])[];
    readonly loss: number;
    readonly gradients: Readonly<Record<string, Summary>>;
  }[];
  readonly adam: {
    readonly losses: readonly number[];
    readonly weights: Readonly<Record<string, Summary>>;
  };
}

export interface Golden {
  readonly batchSize: number;
  readonly learningRate: number;
  readonly steps: number;
  readonly cases: readonly GoldenCase[];
}

export function readGolden(): Golden {
  return JSON.parse(readFileSync(new URL('./pytorch-golden.json', import.meta.url), 'utf8')) as Golden;
}

/** One layer: see scripts/golden/layers.py. */
export interface LayerCase {
  readonly name: string;
  readonly inputs: readonly (readonly number[])[];
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly output: { readonly shape: readonly number[]; readonly values: readonly number[] };
  readonly inputGradients: readonly (readonly number[])[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** The largest absolute values of PyTorch's own initialisation. */
  readonly initial?: Readonly<Record<string, number>>;
}

export function readLayerCases(): readonly LayerCase[] {
  const text = readFileSync(new URL('./pytorch-layers.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { cases: LayerCase[] }).cases;
}

/** The weights that the numbers were made with. */
export function goldenParameters({ parameters }: GoldenCase): NamedArrays {
  return Object.fromEntries(
    parameters.map(({ name, shape, fanIn }, stream) => {
      const data = numbers(stream, product(shape));
      return [name, { shape, data: Float32Array.from(data, (u) => (2 * u - 1) * Math.sqrt(6 / fanIn)) }];
    }),
  );
}

/** Batch `b`: `image` and `target`. */
export function goldenBatch({ channels, outputs }: GoldenCase, batchSize: number, b: number): NamedArrays {
  const pixels = 64 * 64 * channels;
  const image = numbers(100 + b, batchSize * pixels).map(
    (u, index) => u * ((Math.floor(index / pixels) + 1) / batchSize),
  );
  return {
    image: { shape: [batchSize, 64, 64, channels], data: Float32Array.from(image) },
    target: {
      shape: [batchSize, outputs],
      data: Float32Array.from(numbers(200 + b, batchSize * outputs)),
    },
  };
}

export interface Difference {
  /** Largest difference of an element, as a share of the array's root mean square. */
  readonly largest: number;
  /** Root mean square of the elements' differences, as a share of the array's. */
  readonly typical: number;
}

/** How far an array is from a summary; of a long array also norm and sum count as elements. */
export function differenceTo(summary: Summary, data: ArrayLike<number>): Difference {
  const actual = Array.from(data);
  const { norm = Math.hypot(...summary.values), values } = summary;
  const scale = norm / Math.sqrt(actual.length);
  const differences = values.map((value, k) => {
    return (actual[Math.floor((k * actual.length) / values.length)]! - value) / scale;
  });
  if (summary.sum !== undefined) {
    differences.push(Math.sqrt(total(actual.map((value) => value ** 2))) / norm - 1);
    differences.push((total(actual) - summary.sum) / (norm * Math.sqrt(actual.length)));
  }
  return {
    largest: Math.max(...differences.map(Math.abs)),
    typical: Math.hypot(...differences) / Math.sqrt(differences.length),
  };
}

/** Murmur3's finaliser over (stream, index), as numbers in [0, 1). */
export function numbers(stream: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => {
    let x = (index + Math.imul(stream, 0x9e3779b9)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  });
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
