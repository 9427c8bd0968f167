import { decideAbove, type Measured, measureDecisions } from '../../../../analysis/fairness/decisions.js';
import { gapError } from '../../../../analysis/fairness/fronts.js';
import { moveHead } from '../../../../analysis/fairness/rules/merge-heads.js';
import { toThresholds } from '../../../../analysis/fairness/rules/thresholds.js';
import type { Equivalence } from '../../../../analysis/fairness/study/equivalence.js';
import type { DecidedSeed, RuleReading, Way } from '../../../../analysis/fairness/study/ways.js';
import type {
  Agreements,
  ByGroup,
  FlipCounts,
  FlipShares,
  PageDecisions,
  PageRule,
  PageWay,
  Standing,
} from '../page-data.js';
import { listFlips } from './list-flips.js';
import { intervalOf, round, toInterval } from './rounding.js';

export interface WayChoices {
  readonly seeds: readonly string[];
  /** What g was given less by. */
  readonly threshold: number;
  /** People listed for every setting and seed, at most. */
  readonly most: number;
}

/** A setting, for all seeds and for each. */
export function collectWay(way: Way, equivalence: Equivalence | undefined, choices: WayChoices): PageWay {
  const seeds = choices.seeds.map((name) => way.seeds.find(({ seed }) => seed === name));
  const found = seeds.map((seed) => (seed === undefined ? null : collectSeed(seed, choices)));
  const decided = found.filter((seed) => seed !== null);
  return {
    method: way.method,
    setting: way.setting,
    value: way.value,
    shares: byGroup((group) => summarizeShares(decided.map(({ groups }) => groups[group]))),
    matchedGap: intervalOf(decided.flatMap(({ matchedGap }) => matchedGap ?? [])),
    agreement: equivalence === undefined ? null : collectAgreements(equivalence),
    seeds: found,
  };
}

function collectSeed(seed: DecidedSeed, { threshold, most }: WayChoices): PageDecisions {
  const { validation, test, free, flips, swap, matched, reading } = seed;
  const before = measureDecisions(free.test.people, decideAbove(free.test.f));
  return {
    validation: collectStanding(validation),
    test: collectStanding(test),
    errors: { validation: errorOf(validation), test: errorOf(test) },
    rule: reading === undefined ? null : collectRule(reading, threshold),
    groups: byGroup((group): FlipCounts => {
      const { size: people, rejected, accepted, other } = flips.groups[group];
      return {
        people,
        before: Math.round(before.groups[group]!.positive * people),
        after: Math.round(test.groups[group]!.positive * people),
        rejected,
        accepted,
        other,
        swapped: swap === undefined ? null : Math.round(swap.shares[group] * people),
      };
    }),
    advantaged: flips.advantaged ?? null,
    matchedGap: matched.gap === undefined ? null : round(matched.gap),
    covered: round(matched.covered),
    bins: matched.bins.map(({ low, sizes, rates }) => [
      round(low),
      ...sizes,
      round(rates[0]),
      round(rates[1]),
    ]),
    flips: listFlips(seed, threshold, most),
  };
}

function collectStanding({ accuracy, ddp }: Measured): Standing<number> {
  return { accuracy: round(accuracy), ddp: round(ddp) };
}

/** Of the gap, by the people of each group and the rate of positive decisions among all of them. */
function errorOf({ groups }: Measured): number {
  const [zero, one] = [groups[0]!, groups[1]!];
  const rate = (zero.positive * zero.size + one.positive * one.size) / (zero.size + one.size);
  return round(gapError(rate, zero.size, one.size));
}

/** The rule in the head's own output, which predictions give less by its threshold. */
function collectRule({ rule, means, agreement }: RuleReading, threshold: number): PageRule {
  const { b, c } = moveHead(rule, threshold);
  const [t0, t1] = toThresholds(rule, means);
  return {
    b: round(b),
    c: round(c),
    means: [round(means[0] + threshold), round(means[1] + threshold)],
    thresholds: [round(t0), round(t1)],
    agreement: round(agreement),
  };
}

function summarizeShares(groups: readonly FlipCounts[]): FlipShares {
  const share = (of: (counts: FlipCounts) => number) =>
    intervalOf(groups.map((counts) => of(counts) / counts.people))!;
  return {
    rejected: share(({ rejected }) => rejected),
    accepted: share(({ accepted }) => accepted),
    other: share(({ other }) => other),
    swapped: intervalOf(
      groups.flatMap(({ swapped, people }) => (swapped === null ? [] : [swapped / people])),
    ),
  };
}

function collectAgreements({ agreement }: Equivalence): Agreements {
  const { bothHeads, offset, retrained, control } = agreement;
  return {
    bothHeads: toInterval(bothHeads),
    offset: toInterval(offset),
    retrained: retrained === undefined ? null : toInterval(retrained),
    control: control === undefined ? null : toInterval(control),
  };
}

function byGroup<Fact>(of: (group: 0 | 1) => Fact): ByGroup<Fact> {
  return [of(0), of(1)];
}
