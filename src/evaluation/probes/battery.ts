import { shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import type { RecordRow } from '../predictions.js';
import { fitLogisticProbe } from './logistic-probe.js';
import type { Matrix } from './matrix.js';
import { fitMlpProbe, usualMlpProbe } from './mlp-probe.js';
import type { Probe, ProbedSet } from './probe.js';
import { type ProbeName, probeRows } from './rows.js';
import { scoreProbe } from './score.js';

/** What probes look for, and where: the same examples whatever is read of them. */
export interface Question {
  readonly variable: string;
  readonly classes: number;
  /** Class of every example of each set: `train`, `validation`, and those that are scored. */
  readonly labels: Readonly<Record<string, Uint16Array>>;
  readonly seed: number;
  /** Strengths of the logistic probes' penalty. */
  readonly strengths: readonly number[];
  /** Units of the MLP probe. */
  readonly hidden: number;
}

/** What is read of the examples of every set, in the order of the labels. */
export type Reading = Readonly<Record<string, Matrix>>;

/** What can be read; each is made when its turn comes, so that they need not lie in memory together. */
export interface Readings {
  features(): Promise<Reading>;
  untrained(): Promise<Reading>;
  inputs(): Promise<Reading>;
}

/** What probes found. */
export interface Probed {
  readonly rows: readonly RecordRow[];
  /** Of the logistic probe, `[examples, outputs]` of every set: of class 1 where there are two, else one for each. */
  readonly margins: Readonly<Record<string, Float64Array>>;
}

/**
 * Both probes of the features, and the baselines beside which they stand, scored on every set but `train` and `validation`.
 * @param warn Hears of a probe that did not converge.
 */
export async function probeAll(
  question: Question,
  readings: Readings,
  warn: (message: string) => void,
): Promise<Probed> {
  const { classes, seed, strengths, hidden } = question;
  const score = (probe: ProbeName, reading: Reading, fitted: Probe, labels = question.labels) =>
    scoreSets({ ...question, labels }, probe, reading, fitted);
  const fitLogistic = async (probe: ProbeName, reading: Reading, labels = question.labels) => {
    const fitted = await fitLogisticProbe({ ...setsToFit(reading, labels), classes }, strengths);
    const open = fitted.tried.filter(({ converged }) => !converged).map(({ l2 }) => l2);
    if (open.length > 0) warn(`the ${probe} probe did not converge with a penalty of ${open.join(', ')}`);
    return { rows: score(probe, reading, fitted, labels), read: fitted.read };
  };
  const features = await readings.features();
  const logistic = await fitLogistic('logistic', features);
  const options = { ...usualMlpProbe, hidden };
  const bent = await fitMlpProbe({ ...setsToFit(features, question.labels), classes }, seed, options);
  const mlp = score('mlp', features, bent);
  const majority = score('majority', features, answerMajority(question.labels.train!, classes));
  const shuffled = await fitLogistic('shuffled', features, shuffleLabels(question));
  const untrained = await fitLogistic('random-initialisation', await readings.untrained());
  const raw = await fitLogistic('raw-inputs', await readings.inputs());
  return {
    rows: [...logistic.rows, ...mlp, ...majority, ...untrained.rows, ...shuffled.rows, ...raw.rows],
    margins: Object.fromEntries(Object.entries(features).map(([set, own]) => [set, logistic.read(own)])),
  };
}

function setsToFit(reading: Reading, labels: Question['labels']): Record<'train' | 'validation', ProbedSet> {
  return {
    train: { features: reading.train!, labels: labels.train! },
    validation: { features: reading.validation!, labels: labels.validation! },
  };
}

function scoreSets(
  { variable, classes, labels }: Question,
  probe: ProbeName,
  reading: Reading,
  fitted: Probe,
) {
  return Object.entries(reading).flatMap(([set, features]) => {
    if (set === 'train' || set === 'validation' || features.rows === 0) return [];
    const score = scoreProbe(fitted.read(features), labels[set]!, classes);
    return probeRows(set, variable, probe, score, features.rows);
  });
}

/** The most frequent class of the training set, of equal ones the first, for everyone. */
function answerMajority(labels: Uint16Array, classes: number): Probe {
  const counts = new Uint32Array(classes);
  for (const label of labels) counts[label]! += 1;
  const most = counts.indexOf(Math.max(...counts));
  return {
    read({ rows }) {
      if (classes === 2) return new Float64Array(rows).fill(most === 1 ? 1 : -1);
      return Float64Array.from({ length: rows * classes }, (_, at) => (at % classes === most ? 1 : 0));
    },
  };
}

/** Each set's classes in another order: nothing is left to tell, whatever there is to learn by heart. */
function shuffleLabels({ labels, seed }: Question): Question['labels'] {
  return Object.fromEntries(
    Object.entries(labels).map(([set, own]) => [
      set,
      shuffle(stream(seed, 'probe', 'shuffled', set), own.slice()),
    ]),
  );
}
