import { decide, type HeadRule, type HeadScores, type Measured, measureDecisions } from '../decisions.js';
import type { People } from '../people.js';
import { searchCuts, searchHeads } from '../search/search.js';
import { requireMet } from '../search/slack-choice.js';

/** A fair net and a group head about some people: `f` is the fair net's logit φ. */
export interface FairSet {
  readonly heads: HeadScores;
  readonly people: People;
}

/** A rule chosen on one set and what it comes to on another. */
export interface Recovered {
  readonly rule: HeadRule;
  readonly measured: Measured;
}

/** What becomes of a fair net when accuracy alone counts. */
export interface Recovery {
  /** The fair net itself, φ > 0. */
  readonly fair: Recovered;
  /** φ + c > 0: another threshold, no group head. */
  readonly offset: Recovered;
  /** φ + b g + c > 0. Where group 1 was held back, b is above 0: the sign opposite to that of claim C1's ratio. */
  readonly withHead: Recovered;
}

/**
 * Recovers the unfair classifier from a fair net and a group head (claim C2): b and c are chosen on `fit` for the most
 * right decisions, with no constraint at all, and measured on `test`. Any group head will do: the second head of an
 * independent net first, a probe of the fair net's own features second.
 */
export function recoverUnfair(fit: FairSet, test: FairSet): Recovery {
  const measured = (rule: HeadRule): Recovered => ({
    rule: { b: rule.b, c: rule.c },
    measured: measureDecisions(test.people, decide(test.heads, rule)),
  });
  const { choices } = searchHeads(fit.heads, fit.people, { slacks: [Number.POSITIVE_INFINITY] });
  return {
    fair: measured({ b: 0, c: 0 }),
    offset: measured(searchCuts(fit.heads, fit.people, 0).at(-1)!),
    withHead: measured(requireMet(choices[0]!)),
  };
}
