import { assignRows } from './assignment.js';
import type { Graphon } from './graphon.js';

/**
 * The graphon with its nodes in the order in which they fit the modules best: row i is assigned the module j with the
 * least mean of (Γ[i, k] − P[j, k])², as Weiss et al. (2022) do it. To `[size, size]`, row-major, for the modules as they
 * are; P is never permuted, so that it keeps its gradient.
 * @param links P among the modules, `[size, size]`.
 */
export function alignGraphon({ size, probabilities }: Graphon, links: ArrayLike<number>): Float32Array {
  // Of a training that has diverged, which its next loss shows: there is no best order.
  for (let at = 0; at < links.length; at++) {
    if (!Number.isFinite(links[at])) return Float32Array.from(probabilities);
  }
  const costs = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (probabilities[i * size + k]! - links[j * size + k]!) ** 2;
      costs[i * size + j] = sum / size;
    }
  }
  const module = assignRows(costs, size);
  const aligned = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) aligned[module[i]! * size + module[j]!] = probabilities[i * size + j]!;
  }
  return aligned;
}
