import { HeldoutError } from '../../core/errors.js';
import { upperTailOfF } from '../transfer/statistics/tails.js';
import { rankBestFirst } from './best-first.js';
import { upperTailOfChiSquared } from './chi-squared.js';

export interface FriedmanTest {
  readonly blocks: number;
  readonly treatments: number;
  /** `ranks[block][treatment]`: 1 for the highest value of the block, ties by the mean of theirs. */
  readonly ranks: readonly (readonly number[])[];
  /** Over blocks, by treatment; 1 .. number of treatments. */
  readonly meanRanks: readonly number[];
  /** Friedman's statistic (1937), k − 1 degrees of freedom; NaN where all blocks tie all treatments. */
  readonly chiSquared: number;
  readonly chiSquaredP: number;
  /** Of Iman and Davenport (1980): F with k − 1 and (k − 1)(N − 1) degrees; infinite where all blocks agree. */
  readonly f: number;
  readonly fP: number;
}

/** With fewer blocks no difference of ranks could be told from chance. */
export const fewestBlocks = 5;

/**
 * Whether k treatments (algorithms) differ over N blocks (environments or datasets), by their ranks within each block
 * (Demšar, JMLR 7, 2006, section 3.2.2). `values[block][treatment]`; more is better. With `ties: 'corrected'` the
 * statistic is divided by what ties leave of the variance of ranks (Conover 1999), without which it is too small; Demšar
 * ignores them. Throws HeldoutError with fewer than five blocks or two treatments, and where a value is missing.
 */
export function friedmanTest(
  values: readonly (readonly number[])[],
  ties: 'corrected' | 'ignored' = 'corrected',
): FriedmanTest {
  refuse(values);
  const [n, k] = [values.length, values[0]!.length];
  const ranks = values.map(rankBestFirst);
  const meanRanks = values[0]!.map((_, at) => ranks.reduce((sum, block) => sum + block[at]!, 0) / n);
  const middle = (k + 1) / 2;
  const between = n * n * meanRanks.reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
  const untied = (n * k * (k * k - 1)) / 12;
  const spread = ranks.flat().reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
  const chiSquared = ((k - 1) * between) / (ties === 'corrected' ? spread : untied);
  const rest = n * (k - 1) - chiSquared;
  // What rounding leaves of a difference that is 0.
  const f = rest <= 1e-9 * n ? Number.POSITIVE_INFINITY : ((n - 1) * chiSquared) / rest;
  return {
    ...{ blocks: n, treatments: k, ranks, meanRanks, chiSquared, f },
    chiSquaredP: upperTailOfChiSquared(chiSquared, k - 1),
    fP: upperTailOfF(f, k - 1, (k - 1) * (n - 1)),
  };
}

function refuse(values: readonly (readonly number[])[]): void {
  const treatments = values[0]?.length ?? 0;
  const fail = (message: string, hint: string) =>
    new HeldoutError({ code: 'E_FRIEDMAN', message, hints: [hint] });
  if (values.length < fewestBlocks)
    throw fail(
      `the Friedman test wants at least ${fewestBlocks} blocks (environments or datasets), and there are ${values.length}`,
      'with fewer, compare the intervals of the accuracies themselves',
    );
  if (treatments < 2)
    throw fail('the Friedman test wants at least 2 algorithms', 'add one: algorithm=erm,irm');
  if (values.some((block) => block.length !== treatments || block.some(Number.isNaN)))
    throw fail('a block of the Friedman test lacks a value', 'leave the block out, or run what is missing');
}
