import { setImmediate } from 'node:timers/promises';
import { createLink } from './link.js';
import { type FittedLogistic, fitLogistic, margins } from './logistic.js';
import { equalShares, type Probe, type ProbeMaterial } from './probe.js';
import { measureColumns, standardize } from './standardize.js';

/** Strengths of the penalty to choose from, from strong to weak. */
export const usualStrengths: readonly number[] = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];

/** Of the gradient's norm, in nats per standard deviation: no decision hangs on what is left. */
const tolerance = 1e-6;

export interface LogisticProbe extends Probe {
  readonly chosen: FittedLogistic;
  /** What each strength came to, in the order in which they were fitted. */
  readonly tried: readonly {
    readonly l2: number;
    readonly validationLoss: number;
    readonly converged: boolean;
  }[];
}

/**
 * A logistic regression of standardised features, converged for every strength of the penalty, each from the solution
 * of the stronger one before. Taken is the one with the least cross-entropy on the validation set, of equal ones the
 * strongest. Lets other work in between two fits.
 */
export async function fitLogisticProbe(
  { train, validation, classes }: ProbeMaterial,
  strengths: readonly number[] = usualStrengths,
): Promise<LogisticProbe> {
  const standardization = measureColumns(train.features);
  const features = standardize(train.features, standardization);
  const held = standardize(validation.features, standardization);
  const link = createLink(validation.labels, classes, equalShares(held.rows));
  const residuals = new Float64Array(held.rows * link.outputs);
  const tried: { l2: number; validationLoss: number; converged: boolean }[] = [];
  let [chosen, start]: (FittedLogistic | undefined)[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const l2 of strengths.toSorted((a, b) => b - a)) {
    const examples = { features, labels: train.labels, classes };
    const fitted: FittedLogistic = fitLogistic(examples, { l2, tolerance, ...(start && { start }) });
    const validationLoss = link.evaluate(margins(held, fitted), residuals);
    tried.push({ l2, validationLoss, converged: fitted.converged });
    if (chosen === undefined || validationLoss < least) [chosen, least] = [fitted, validationLoss];
    start = fitted;
    await setImmediate();
  }
  if (chosen === undefined) throw new RangeError('there is no strength to choose from');
  const taken = chosen;
  return { chosen: taken, tried, read: (other) => margins(standardize(other, standardization), taken) };
}
