import { expect, it } from 'vitest';
import { numbers } from '../../models/testing/golden.js';
import { probeAll, type Question } from './battery.js';
import type { Matrix } from './matrix.js';
import { isProbeRow, probeNames } from './rows.js';

const sizes = { train: 400, validation: 200, test: 300, ood: 200 };

/** Three features, the first of which says the class where `signal` is 1, and nothing where it is 0. */
function makeQuestion(signal: number, classes = 2): { question: Question; reading: Record<string, Matrix> } {
  const sets = Object.entries(sizes).map(([set, rows], index) => {
    const labels = Uint16Array.from(numbers(7 * index, rows), (u) =>
      Math.min(classes - 1, Math.floor(u * (classes + 0.5))),
    );
    const noise = numbers(7 * index + 1, 3 * rows);
    const data = Float32Array.from(
      noise,
      (u, at) => u + (at % 3 === 0 ? 0.9 * signal * labels[(at - (at % 3)) / 3]! : 0),
    );
    return { set, labels, features: { data, rows, columns: 3 } };
  });
  return {
    question: {
      variable: 'sex',
      classes,
      labels: Object.fromEntries(sets.map(({ set, labels }) => [set, labels])),
      seed: 4,
      strengths: [1, 0.01],
      hidden: 4,
    },
    reading: Object.fromEntries(sets.map(({ set, features }) => [set, features])),
  };
}

const probe = async (signal: number, classes?: number) => (await probeSets(signal, classes)).rows;
const probeSets = (signal: number, classes?: number) => {
  const { question, reading } = makeQuestion(signal, classes);
  const blind = makeQuestion(0, classes).reading;
  const readings = {
    features: async () => reading,
    untrained: async () => blind,
    inputs: async () => reading,
  };
  return probeAll(question, readings, () => expect.unreachable('all converge'));
};

it.each([2, 3])(
  'probes stand beside their baselines, on all sets that nothing was fitted on, %i classes',
  async (classes) => {
    const rows = await probe(1, classes);
    expect(rows.every(isProbeRow)).toBe(true);
    expect(rows).toHaveLength(probeNames.length * 2 * 9);
    const find = (name: string, set = 'test', metric = 'probe_accuracy') =>
      rows.find((row) => row.set === set && row.metric === metric && row.group.probe === name)!;
    expect(find('logistic')).toMatchObject({ group: { protected: 'sex', probe: 'logistic' }, n: 300 });
    expect(find('logistic').value).toBeGreaterThan(0.85);
    expect(find('logistic', 'ood').value).toBeGreaterThan(0.85);
    expect(find('mlp').value).toBeGreaterThan(0.85);
    expect(find('raw-inputs').value).toBeGreaterThan(0.85);
    const majority = find('majority').value;
    expect(majority).toBeLessThan(0.7);
    for (const name of ['shuffled', 'random-initialisation'])
      expect(Math.abs(find(name).value - majority)).toBeLessThan(0.09);
    expect(find('majority', 'test', 'probe_auc').value).toBe(0.5);
    expect(find('majority', 'test', 'probe_balanced_accuracy').value).toBeCloseTo(1 / classes, 12);
    const [lower, upper] = ['lower', 'upper'].map(
      (end) => find('logistic', 'test', `probe_accuracy_${end}`).value,
    );
    expect(lower).toBeLessThan(find('logistic').value);
    expect(upper).toBeGreaterThan(find('logistic').value);
  },
);

it('come to the same every time', async () => {
  expect(await probe(0.3)).toEqual(await probe(0.3));
});

it('says what the logistic probe makes of everybody', async () => {
  const { rows, margins } = await probeSets(1);
  expect(Object.entries(margins).map(([set, { length }]) => [set, length])).toEqual(Object.entries(sizes));
  const { labels } = makeQuestion(1).question;
  const right = margins.test!.filter((margin, at) => (margin > 0 ? 1 : 0) === labels.test![at]).length;
  const row = rows.find(
    ({ set, metric, group }) => set === 'test' && metric === 'probe_accuracy' && group.probe === 'logistic',
  );
  expect(right / 300).toBeCloseTo(row!.value, 12);
});
