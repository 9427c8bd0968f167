import { type Summary, summarize } from '../../summary.js';
import { meansOfHead } from '../individuals/swap-test.js';
import { groupSize } from '../people.js';
import { armsOf, type FairArm, headsOf } from './arms.js';
import { namedGaps } from './trade-offs/methods.js';
import { chooseRule } from './treatment.js';

/** The head f + b g + c > 0 that two heads make within a gap, chosen on validation; g is the output of the group head. */
export interface MergedRule {
  readonly gap: number;
  readonly b: Summary;
  readonly c: Summary;
  /** −c / b: theory has the share of group 1 for a graded g (b ≈ −2 λ / (π (1 − π)), c ≈ −b π). */
  readonly balance: Summary | undefined;
  /** What f is asked to exceed at the mean g of group 0, and of group 1. */
  readonly thresholds: readonly [Summary, Summary];
}

/** What the scores of a group head have been lowered by, so that group 1 is where they are above 0. */
const groupThreshold = 0.5;

/** A rule for each named gap that at least one net with two heads keeps to. */
export function listMergedRules(arms: readonly FairArm[]): MergedRule[] {
  const runs = armsOf(arms, 'two_heads').flatMap((arm) => arm.runs);
  return namedGaps.flatMap((gap) => {
    const found = runs.flatMap((run) => {
      const rule = chooseRule(run, gap);
      if (rule === undefined) return [];
      const { g } = headsOf(run.validation);
      const means = meansOfHead(g, run.validation.people);
      const { b, c } = rule;
      return [
        { b, c: c - groupThreshold * b, thresholds: [-(c + b * means[0]), -(c + b * means[1])] as const },
      ];
    });
    const b = summarize(found.map((rule) => rule.b));
    const c = summarize(found.map((rule) => rule.c));
    const [zero, one] = [0, 1].map((group) =>
      summarize(found.map(({ thresholds }) => thresholds[group as 0 | 1])),
    );
    if (b === undefined || c === undefined || zero === undefined || one === undefined) return [];
    const balances = found.flatMap((rule) => (rule.b === 0 ? [] : -rule.c / rule.b));
    return [{ gap, b, c, balance: summarize(balances), thresholds: [zero, one] }];
  });
}

/** Share of group 1 among the people of the validation sets. */
export function shareOfGroupOne(arms: readonly FairArm[]): Summary | undefined {
  const runs = armsOf(arms, 'two_heads').flatMap((arm) => arm.runs);
  return summarize(runs.map(({ validation: { people } }) => groupSize(people.sizes, 1) / people.count));
}
