import type { Initializer } from '../../model.js';
import { drawGraph, type Graph, type GraphPrior } from './graph.js';
import { drawOrthogonal } from './orthogonal.js';

const steps = 1000;
const learningRate = 1e-3;
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/**
 * Signatures that start as a graph of the prior: their distances are below `threshold` where it has an edge and above
 * where it has none. Use the truncation of the links, so that they begin as that very graph.
 */
export function fittedSignatures(prior: GraphPrior, threshold: number): Initializer {
  return {
    kind: 'computed',
    compute(source, shape) {
      const [size, width] = shape as [number, number];
      const graph = drawGraph(prior, size, source);
      return Float32Array.from(fitSignatures(graph, drawOrthogonal(size, width, source), threshold));
    },
  };
}

/**
 * Moves signatures `[size, width]`, in place, for 1000 steps of Adam on the mean over all pairs of max(d, threshold) for
 * edges and max(−d, −threshold) for others, with d = 1 − cos: pairs on the wrong side are drawn over, others are left.
 */
export function fitSignatures(graph: Graph, signatures: Float64Array, threshold: number): Float64Array {
  const { size } = graph;
  const width = signatures.length / size;
  const [m, v] = [new Float64Array(signatures.length), new Float64Array(signatures.length)];
  const unit = new Float64Array(signatures.length);
  const pull = new Float64Array(signatures.length);
  for (let step = 1; step <= steps; step++) {
    normaliseRows(signatures, unit, width);
    addPulls(graph, unit, width, threshold, pull);
    const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    const offset = epsilon * Math.sqrt(1 - beta2 ** step);
    for (let row = 0; row < signatures.length; row += width) {
      let [norm, along] = [0, 0];
      for (let i = row; i < row + width; i++) {
        norm += signatures[i]! ** 2;
        along += pull[i]! * unit[i]!;
      }
      const scale = 1 / (Math.sqrt(norm) * size ** 2);
      for (let i = row; i < row + width; i++) {
        const gradient = scale * (pull[i]! - along * unit[i]!);
        m[i] = beta1 * m[i]! + (1 - beta1) * gradient;
        v[i] = beta2 * v[i]! + (1 - beta2) * gradient ** 2;
        signatures[i]! -= (rate * m[i]!) / (Math.sqrt(v[i]!) + offset);
      }
    }
  }
  return signatures;
}

function normaliseRows(rows: Float64Array, unit: Float64Array, width: number): void {
  for (let row = 0; row < rows.length; row += width) {
    let norm = 0;
    for (let i = row; i < row + width; i++) norm += rows[i]! ** 2;
    norm = Math.sqrt(norm);
    for (let i = row; i < row + width; i++) unit[i] = rows[i]! / norm;
  }
}

/** The gradient of the loss's sum with respect to unit signatures: each pair counts twice. */
function addPulls(
  { size, adjacency }: Graph,
  unit: Float64Array,
  width: number,
  threshold: number,
  pull: Float64Array,
): void {
  pull.fill(0);
  for (let a = 0; a < size; a++) {
    const atA = a * width;
    for (let b = a + 1; b < size; b++) {
      const atB = b * width;
      let cosine = 0;
      for (let i = 0; i < width; i++) cosine += unit[atA + i]! * unit[atB + i]!;
      const linked = adjacency[a * size + b] === 1;
      if (linked ? 1 - cosine <= threshold : 1 - cosine >= threshold) continue;
      const weight = linked ? -2 : 2;
      for (let i = 0; i < width; i++) {
        pull[atA + i]! += weight * unit[atB + i]!;
        pull[atB + i]! += weight * unit[atA + i]!;
      }
    }
  }
}
