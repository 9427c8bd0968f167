import type { NamedArrays } from '../../../engine/engine.js';
import { usualThreshold } from '../from-config.js';
import type { Graph } from '../priors/graph.js';

/** The links among the processors of a circuit, in numbers. */
export interface LinkTable {
  readonly size: number;
  /** P that a module hears another, from signatures alone, mean over the propagators: `[size, size]`, row-major. */
  readonly probabilities: Float64Array;
  /** Where the distance of two modules is within the truncation (0.9 where links have none). */
  readonly graph: Graph;
  /** ε of every attention that learns it, by its name in the circuit. */
  readonly bandwidths: Readonly<Record<string, number>>;
}

const signatureName = 'design/processors/signatures';
const bandwidthName = /^circuit\/(propagator\d+|read-out)\/bandwidth$/;

/**
 * Reads links from a circuit's parameters: P = exp(−d/ε) of cosine distances, zero beyond the truncation. Undefined
 * where modules have no signatures: each of them hears all others.
 */
export function readLinks(parameters: NamedArrays, truncation: number | null): LinkTable | undefined {
  const signatures = parameters[signatureName];
  if (signatures === undefined) return undefined;
  const [size, width] = signatures.shape as [number, number];
  const distances = cosineDistances(signatures.data, size, width);
  const bandwidths = readBandwidths(parameters);
  const own = Object.entries(bandwidths).flatMap(([name, value]) => (name === 'read-out' ? [] : [value]));
  const reach = own.length === 0 ? [1] : own;
  const probabilities = new Float64Array(size * size);
  const adjacency = new Uint8Array(size * size);
  for (let at = 0; at < probabilities.length; at++) {
    const d = distances[at]!;
    const isSelf = at % (size + 1) === 0;
    const isLinked = isSelf || truncation === null || d <= truncation;
    probabilities[at] = isLinked ? reach.reduce((sum, e) => sum + Math.exp(-d / e), 0) / reach.length : 0;
    adjacency[at] = Number(!isSelf && d <= (truncation ?? usualThreshold));
  }
  return { size, probabilities, graph: { size, adjacency }, bandwidths };
}

/** Connectivity of every module: the sum of its link probabilities to others. */
export function degreesOf({ size, probabilities }: LinkTable): Float64Array {
  return Float64Array.from({ length: size }, (_, module) => {
    let sum = 0;
    for (let other = 0; other < size; other++)
      if (other !== module) sum += probabilities[module * size + other]!;
    return sum;
  });
}

function readBandwidths(parameters: NamedArrays): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { data }]) => {
      const place = bandwidthName.exec(name)?.[1];
      return place === undefined ? [] : [[place, data[0]!]];
    }),
  );
}

/** 1 − cos of every two rows, `[size, size]`; 0 on the diagonal. */
export function cosineDistances(rows: ArrayLike<number>, size: number, width: number): Float64Array {
  const norms = Float64Array.from({ length: size }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += rows[row * width + i]! ** 2;
    return Math.sqrt(Math.max(sum, 1e-16));
  });
  const distances = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      let product = 0;
      for (let i = 0; i < width; i++) product += rows[a * width + i]! * rows[b * width + i]!;
      const distance = 1 - product / (norms[a]! * norms[b]!);
      distances[a * size + b] = distance;
      distances[b * size + a] = distance;
    }
  }
  return distances;
}
