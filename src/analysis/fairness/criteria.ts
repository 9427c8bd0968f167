import { HeldoutError } from '../../core/errors.js';
import { groupSize, listGroups, type People } from './people.js';

/**
 * What must be (nearly) equal across groups: the share of positive decisions; that share among positive labels; or that
 * share among positive and among negative labels, of which the *larger* gap counts (others take mean or sum).
 */
export const criteria = ['demographic_parity', 'equal_opportunity', 'equalized_odds_max'] as const;
export type Criterion = (typeof criteria)[number];

/** A rate that groups are compared by. */
export type RateName = 'positive' | 'true_positive' | 'false_positive';

const ratesOf: Readonly<Record<Criterion, readonly RateName[]>> = {
  demographic_parity: ['positive'],
  equal_opportunity: ['true_positive'],
  equalized_odds_max: ['true_positive', 'false_positive'],
};

/** A gap with its sign: rate of group 1 minus rate of group 0; of more than two groups, largest minus smallest rate. */
export interface Gap {
  readonly rate: RateName;
  readonly value: number;
}

/** Measures gaps of positive decisions counted by cell. */
export interface GapMeasure {
  readonly criterion: Criterion;
  /** The gap that a slack limits, at least 0. */
  sizeOf(positives: Int32Array): number;
  gapsOf(positives: Int32Array): Gap[];
}

/** Rates of the criterion, in the order of its gaps. */
export function listRates(criterion: Criterion): readonly RateName[] {
  return ratesOf[criterion];
}

/** People that a rate is a share of, or of whom it counts the positive decisions. */
export function countFor(rate: RateName, cells: ArrayLike<number>, group: number): number {
  if (rate === 'positive') return groupSize(cells, group);
  return cells[2 * group + (rate === 'true_positive' ? 1 : 0)]!;
}

/**
 * Prepares the measure of a criterion.
 *
 * @throws HeldoutError `E_RATE_UNDEFINED` where a group has nobody with the label that a rate is a share of.
 */
export function createGapMeasure({ sizes, groups }: People, criterion: Criterion): GapMeasure {
  const rates = ratesOf[criterion];
  for (const rate of rates) {
    const group = listGroups(groups).find((each) => countFor(rate, sizes, each) === 0);
    if (group !== undefined) throw undefinedRate(rate, group);
  }
  const gapOf = (rate: RateName, positives: Int32Array): number => {
    const share = (group: number) => countFor(rate, positives, group) / countFor(rate, sizes, group);
    if (groups === 2) return share(1) - share(0);
    let [low, high] = [1, 0];
    for (let group = 0; group < groups; group++) {
      low = Math.min(low, share(group));
      high = Math.max(high, share(group));
    }
    return high - low;
  };
  const sizeOf = (positives: Int32Array): number => {
    let size = 0;
    for (let index = 0; index < rates.length; index++) {
      size = Math.max(size, Math.abs(gapOf(rates[index]!, positives)));
    }
    return size;
  };
  const counts = listGroups(groups).map((group) => groupSize(sizes, group));
  const [n0 = 0, n1 = 0] = counts;
  // Asked once per person and value of b in a search: the usual case without a loop.
  const parityOfTwo = (p: Int32Array): number => Math.abs((p[2]! + p[3]!) / n1 - (p[0]! + p[1]!) / n0);
  const parityOfMany = (p: Int32Array): number => {
    let [low, high] = [1, 0];
    for (let group = 0; group < groups; group++) {
      const rate = (p[2 * group]! + p[2 * group + 1]!) / counts[group]!;
      if (rate < low) low = rate;
      if (rate > high) high = rate;
    }
    return high - low;
  };
  const parity = groups === 2 ? parityOfTwo : parityOfMany;
  return {
    criterion,
    sizeOf: criterion === 'demographic_parity' ? parity : sizeOf,
    gapsOf: (positives) => rates.map((rate) => ({ rate, value: gapOf(rate, positives) })),
  };
}

function undefinedRate(rate: RateName, group: number): HeldoutError {
  const label = rate === 'true_positive' ? 'positive' : 'negative';
  return new HeldoutError({
    code: 'E_RATE_UNDEFINED',
    message: `nobody of group ${group} has a ${label} label, so the ${rate.replace('_', ' ')} rate does not exist`,
    hints: ['use demographic_parity, which needs no labels', 'take a larger set of people'],
    exitCode: 1,
  });
}
