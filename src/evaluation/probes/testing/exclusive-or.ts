import { numbers } from '../../../models/testing/golden.js';
import type { ProbedSet } from '../probe.js';

/** Two features between -1 and 1, moved and stretched; class 1 where they have the same sign, which no line tells. */
export function exclusiveOr(rows: number, from: number): ProbedSet {
  const [one, other] = [numbers(from, rows), numbers(from + 1, rows)];
  const data = Float32Array.from({ length: 2 * rows }, (_, at) =>
    at % 2 === 0 ? 30 * (2 * one[at / 2]! - 1) + 500 : 0.01 * (2 * other[(at - 1) / 2]! - 1),
  );
  const labels = Uint16Array.from({ length: rows }, (_, row) =>
    one[row]! > 0.5 === other[row]! > 0.5 ? 1 : 0,
  );
  return { features: { data, rows, columns: 2 }, labels };
}
