import { expect, it } from 'vitest';
import { numbers } from '../../models/testing/golden.js';
import { fitLogisticProbe } from './logistic-probe.js';
import { fitMlpProbe } from './mlp-probe.js';
import type { ProbeMaterial } from './probe.js';
import { decide, scoreProbe } from './score.js';
import { exclusiveOr } from './testing/exclusive-or.js';
import { makeExamples } from './testing/logistic-cases.js';

/** Classes by thresholds of the first of four features, with some noise. */
const half = (classes: number): ProbeMaterial & { readonly test: ProbeMaterial['train'] } => {
  const { data } = makeExamples({ rows: 900, columns: 4, classes, weighted: false }).features;
  const said = numbers(50, 900).map((u, row) => (classes * (data[4 * row]! + 1)) / 2 + 0.4 * (u - 0.5));
  const labels = Uint16Array.from(said, (value) => Math.min(classes - 1, Math.max(0, Math.floor(value))));
  const cut = (from: number, to: number) => ({
    features: { data: data.slice(4 * from, 4 * to), rows: to - from, columns: 4 },
    labels: labels.slice(from, to),
  });
  return { train: cut(0, 400), validation: cut(400, 600), test: cut(600, 900), classes };
};

it.each([2, 3])(
  'logistic probes of %i classes take the strength that is best on validation',
  async (classes) => {
    const { test, ...material } = half(classes);
    const probe = await fitLogisticProbe(material);
    expect(probe.tried.map(({ l2 }) => l2)).toEqual([1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001]);
    expect(probe.tried.every(({ converged }) => converged)).toBe(true);
    const least = Math.min(...probe.tried.map(({ validationLoss }) => validationLoss));
    expect(probe.tried.find(({ l2 }) => l2 === probe.chosen.l2)!.validationLoss).toBe(least);
    const { accuracy } = scoreProbe(probe.read(test.features), test.labels, classes);
    expect(accuracy.value).toBeGreaterThan(0.8);
  },
);

it('do not depend on the units of the features', async () => {
  const { test, ...material } = half(2);
  const stretch = ({ features, labels }: ProbeMaterial['train']) => ({
    features: { ...features, data: features.data.map((value, at) => value * 4 ** ((at % 4) - 2)) },
    labels,
  });
  const [plain, stretched] = await Promise.all([
    fitLogisticProbe(material),
    fitLogisticProbe({
      train: stretch(material.train),
      validation: stretch(material.validation),
      classes: 2,
    }),
  ]);
  const expected = plain.read(test.features);
  for (const [at, margin] of stretched.read(stretch(test).features).entries())
    expect(margin).toBeCloseTo(expected[at]!, 6);
});

it('a column that never varies says nothing', async () => {
  const { test, ...material } = half(2);
  const flatten = ({ features, labels }: ProbeMaterial['train']) => ({
    features: { ...features, data: features.data.map((value, at) => (at % 4 === 2 ? 0.1 : value)) },
    labels,
  });
  const flat = { train: flatten(material.train), validation: flatten(material.validation), classes: 2 };
  expect((await fitLogisticProbe(flat)).chosen.coefficients[2]).toBe(0);
  expect(test.labels).toHaveLength(300);
});

it('a hidden layer tells what no line does, alike every time, and stops when validation does not improve', async () => {
  const material = { train: exclusiveOr(800, 0), validation: exclusiveOr(300, 10), classes: 2 };
  const test = exclusiveOr(400, 20);
  const line = await fitLogisticProbe(material);
  expect(scoreProbe(line.read(test.features), test.labels, 2).accuracy.value).toBeLessThan(0.62);
  const options = { hidden: 16, learningRate: 1e-2, batchSize: 32, mostEpochs: 60, patience: 6 };
  const bent = await fitMlpProbe(material, 3, options);
  expect(scoreProbe(bent.read(test.features), test.labels, 2).accuracy.value).toBeGreaterThan(0.95);
  const again = await fitMlpProbe(material, 3, options);
  expect(again.read(test.features)).toEqual(bent.read(test.features));
  const other = await fitMlpProbe(material, 4, options);
  expect(other.read(test.features)).not.toEqual(bent.read(test.features));
  const impatient = await fitMlpProbe(material, 3, { ...options, learningRate: 1, patience: 2 });
  expect(impatient.epochs).toBe(Math.min(60, impatient.epoch + 2));
});

it('a hidden layer tells three classes', async () => {
  const { test, ...material } = half(3);
  const probe = await fitMlpProbe(material, 0);
  const told = decide(probe.read(test.features), 300);
  expect(told.filter((label, at) => label === test.labels[at]).length / 300).toBeGreaterThan(0.8);
});
