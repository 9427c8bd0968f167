import { readFileSync } from 'node:fs';
import { numbers } from '../../../models/testing/golden.js';
import type { Examples } from '../logistic.js';

/** A penalised logistic regression and what PyTorch finds for it: see scripts/golden/logistic.py. */
export interface LogisticCase {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  readonly weighted: boolean;
  readonly l2: number;
  readonly coefficients: readonly number[];
  readonly biases: readonly number[];
  readonly loss: number;
}

export function readLogisticCases(): readonly LogisticCase[] {
  const text = readFileSync(new URL('./pytorch-logistic.json', import.meta.url), 'utf8');
  return JSON.parse(text) as LogisticCase[];
}

/** Features that correlate, and two or three classes that the first two of them half explain. */
export function makeExamples({
  rows,
  columns,
  classes,
  weighted,
}: Pick<LogisticCase, 'rows' | 'columns' | 'classes' | 'weighted'>): Examples {
  const exact = new Float64Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    for (const [row, u] of numbers(column, rows).entries()) {
      const at = row * columns + column;
      exact[at] = 2 * u - 1 + (column > 0 ? exact[at - 1]! / 2 : 0);
    }
  }
  const thresholds = classes === 2 ? [0] : [-0.5, 0.5];
  const labels = Array.from(numbers(100, rows), (u, row) => {
    const said = exact[row * columns]! - exact[row * columns + 1]! / 2 + 3 * u - 1.5;
    return thresholds.filter((threshold) => said > threshold).length;
  });
  const features = { data: Float32Array.from(exact), rows, columns };
  return { features, labels, classes, ...(weighted && { weights: numbers(200, rows) }) };
}
