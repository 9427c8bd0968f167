import { describe, expect, it } from 'vitest';
import { createLink } from './link.js';
import { fitLogistic, type LinearClassifier, margins } from './logistic.js';
import { makeExamples, readLogisticCases } from './testing/logistic-cases.js';

const cases = readLogisticCases().map(
  (one) => [`${one.classes} classes, l2 ${one.l2}${one.weighted ? ', weighted' : ''}`, one] as const,
);

describe('logistic regression', () => {
  it.each(cases)('finds what PyTorch finds: %s', (_, golden) => {
    const found = fitLogistic(makeExamples(golden), { l2: golden.l2 });
    expect(found.converged).toBe(true);
    expect(found.gradientNorm).toBeLessThan(1e-8);
    expect(found.loss).toBeCloseTo(golden.loss, 10);
    for (const [at, value] of golden.coefficients.entries())
      expect(found.coefficients[at]).toBeCloseTo(value, 6);
    for (const [at, value] of golden.biases.entries()) expect(found.biases[at]).toBeCloseTo(value, 6);
  });

  it.each(cases)('ends where the gradient is zero, from wherever it starts: %s', (_, golden) => {
    const examples = makeExamples(golden);
    const { features, labels, classes, weights } = examples;
    const outputs = golden.biases.length;
    const far = {
      coefficients: new Float64Array(outputs * golden.columns).fill(5),
      biases: new Float64Array(outputs).fill(-20 / outputs),
    };
    const { coefficients, biases } = fitLogistic(examples, { l2: golden.l2, start: far });
    const all = Array.from(labels, (_, row) => weights?.[row] ?? 1);
    const total = all.reduce((sum, weight) => sum + weight, 0);
    const link = createLink(
      labels,
      classes,
      Float64Array.from(all, (weight) => weight / total),
    );
    const loss = (of: LinearClassifier) =>
      link.evaluate(margins(features, of), new Float64Array(features.rows * outputs)) +
      (golden.l2 / 2) * of.coefficients.reduce((sum, value) => sum + value ** 2, 0);
    const step = 1e-5;
    for (const which of ['coefficients', 'biases'] as const) {
      const values = { coefficients, biases }[which];
      for (let at = 0; at < values.length; at++) {
        const moved = (by: number) =>
          loss({ coefficients, biases, [which]: values.map((value, i) => value + (i === at ? by : 0)) });
        expect((moved(step) - moved(-step)) / (2 * step)).toBeCloseTo(0, 8);
      }
    }
  });

  it('takes a weight of two as the example twice, and of zero as none', () => {
    const { features, labels } = makeExamples({ rows: 60, columns: 3, classes: 2, weighted: false });
    const kept = Array.from({ length: 60 }, (_, row) => row % 3);
    const rows = kept.flatMap((times, row) => Array<number>(times).fill(row));
    const repeated = Float32Array.from(
      rows.flatMap((row) => Array.from(features.data.subarray(row * 3, row * 3 + 3))),
    );
    const weighted = fitLogistic({ features, labels, classes: 2, weights: kept }, { l2: 0.01 });
    const plain = fitLogistic(
      {
        features: { data: repeated, rows: rows.length, columns: 3 },
        labels: rows.map((row) => labels[row]!),
        classes: 2,
      },
      { l2: 0.01 },
    );
    expect(weighted.loss).toBeCloseTo(plain.loss, 12);
    for (const [at, value] of plain.coefficients.entries())
      expect(weighted.coefficients[at]).toBeCloseTo(value, 7);
  });

  it('converges where classes are separable, far apart or described by too many columns', () => {
    const labels = Array.from({ length: 40 }, (_, row) => row % 2);
    const separable = Float32Array.from(labels, (label) => 1000 * (label - 0.5));
    const features = { data: separable, rows: 40, columns: 1 };
    const apart = fitLogistic({ features, labels, classes: 2 }, { l2: 1e-3 });
    expect(apart.converged).toBe(true);
    const wide = makeExamples({ rows: 40, columns: 450, classes: 2, weighted: false });
    expect(fitLogistic(wide, { l2: 1e-3 }).converged).toBe(true);
  });

  it('refuses a class without weight, a negative weight and no penalty', () => {
    const { features, labels } = makeExamples({ rows: 9, columns: 2, classes: 2, weighted: false });
    const attempt = (weights: readonly number[], l2 = 1) =>
      fitLogistic({ features, labels, classes: 2, weights }, { l2 });
    expect(() => attempt(Array.from(labels))).toThrow('no example of class 0 has any weight');
    expect(() => attempt(Array<number>(9).fill(-1))).toThrow('example 0 has the weight -1');
    expect(() => attempt(Array<number>(9).fill(1), 0)).toThrow('above 0');
  });
});
