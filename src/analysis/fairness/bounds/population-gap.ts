import { type Criterion, countFor, createGapMeasure, type Gap, listRates } from '../criteria.js';
import { countPositives } from '../decisions.js';
import { listGroups, type People } from '../people.js';
import { boundChance } from './binomial-bounds.js';

/** A bound on the gap in the population that people were drawn from, where the rule was fixed before. */
export interface PopulationGap {
  /** At most this with the confidence asked for: the largest gap by the criterion. */
  readonly bound: number;
  /** The same gap among these people. */
  readonly observed: number;
  readonly gaps: readonly Gap[];
}

/**
 * Bounds the population gap of a rule that was chosen **without** these people. Each rate of each group has exact
 * binomial bounds (Clopper and Pearson), and the risk is shared among all of them (Bonferroni), so that they hold at once
 * with at least the given confidence, in (0, 1). People are independent draws; groups may have any size.
 */
export function boundPopulationGap(
  people: People,
  decisions: Uint8Array,
  confidence: number,
  criterion: Criterion = 'demographic_parity',
): PopulationGap {
  const measure = createGapMeasure(people, criterion);
  const positives = countPositives(people, decisions);
  const counted = listRates(criterion).map((rate) =>
    listGroups(people.groups).map((group) => ({
      hits: countFor(rate, positives, group),
      trials: countFor(rate, people.sizes, group),
    })),
  );
  return {
    bound: boundOfCounts(counted, confidence),
    observed: measure.sizeOf(positives),
    gaps: measure.gapsOf(positives),
  };
}

/** Hits and trials by rate and group. */
type Counts = readonly (readonly { readonly hits: number; readonly trials: number }[])[];

/** The largest distance between rates of two groups that the bounds allow, over all rates. */
function boundOfCounts(counts: Counts, confidence: number): number {
  const risk = (1 - confidence) / counts.flat().length;
  return Math.max(
    ...counts.map((groups) => {
      const bounds = groups.map(({ hits, trials }) => boundChance(hits, trials, risk));
      return Math.max(
        ...bounds.flatMap(({ high }, g) => bounds.map(({ low }, other) => (g === other ? 0 : high - low))),
      );
    }),
  );
}

/**
 * How many people, with the same shares of groups, a bound of `slack` takes if the rates found in all groups together
 * held in each of them, so without any gap. Infinite for a slack of 0.
 */
export function peopleNeeded(
  people: People,
  decisions: Uint8Array,
  slack: number,
  confidence: number,
  criterion: Criterion = 'demographic_parity',
): number {
  if (!(slack > 0)) return Number.POSITIVE_INFINITY;
  const positives = countPositives(people, decisions);
  const groups = listGroups(people.groups);
  const rates = listRates(criterion).map((rate) => {
    const trials = groups.map((group) => countFor(rate, people.sizes, group));
    const hits = groups.reduce((sum, group) => sum + countFor(rate, positives, group), 0);
    return { trials, chance: hits / trials.reduce((sum, each) => sum + each, 0) };
  });
  const boundAt = (times: number) =>
    boundOfCounts(
      rates.map(({ trials, chance }) =>
        trials.map((each) => {
          const scaled = Math.max(1, Math.floor(each * times));
          return { hits: Math.round(chance * scaled), trials: scaled };
        }),
      ),
      confidence,
    );
  let [low, high] = [0, 1];
  while (boundAt(high) > slack && high < 2 ** 20) [low, high] = [high, high * 2];
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (boundAt(middle) > slack) low = middle;
    else high = middle;
  }
  return Math.ceil(high * people.count);
}
