import { stream } from '../../../random/stream.js';
import { groupBy } from '../../records.js';
import { summarize } from '../../summary.js';
import type { TransferRecord } from '../records.js';
import { bootstrap, type Interval } from '../statistics/bootstrap.js';
import { adjustHolm } from '../statistics/tails.js';
import { listOutcomes, type NetworkOutcome, type Outcome, outcomes } from './outcomes.js';
import { type PairedTests, testDifferences } from './paired-tests.js';

/** What one level of a factor does against another, all other factors, ID set and seed being equal. */
export interface FactorEffect {
  readonly outcome: Outcome;
  readonly factor: string;
  readonly level: string;
  readonly baseline: string;
  /** Level of the factor by which effects are split: `100`; empty for all networks. */
  readonly within: string;
  /** Matched pairs of networks. */
  readonly pairs: number;
  /** Mean of level less baseline. */
  readonly difference: number;
  readonly interval: Interval | undefined;
  /** What the interval is over. */
  readonly over: string;
  readonly tests: PairedTests;
  /** p of Wilcoxon's test after Holm, over all effects on the same outcome. */
  readonly adjusted: number;
}

export interface EffectOptions {
  /** A factor by whose levels effects are also shown apart: `shot`. */
  readonly by?: string | undefined;
  readonly draws?: number;
  readonly level?: number;
  readonly seed?: number;
}

/** Factors whose levels are draws, not choices. */
const draws = new Set(['seed', 'trial', 'trial_seed', 'draw', 'fold']);
const mostLevels = 12;
const fewestPairs = 3;
const fewestSets = 3;

/** Effects of all factors that have levels to compare and at least three matched pairs. */
export function compareLevels(
  records: readonly TransferRecord[],
  options: EffectOptions = {},
): FactorEffect[] {
  const networks = listOutcomes(records);
  const names = [...new Set(networks.flatMap(({ factors }) => Object.keys(factors)))];
  const { by } = options;
  const strata = [
    { within: '', members: networks },
    ...(by === undefined ? [] : [...groupBy(networks, ({ factors }) => factors[by] ?? '')])
      .filter(([within]) => within !== '')
      .map(([within, members]) => ({ within: `${by}=${within}`, members })),
  ];
  const compared = names.flatMap((factor) => {
    const levels = [...new Set(networks.map(({ factors }) => factors[factor] ?? ''))];
    if (draws.has(factor) || levels.length < 2 || levels.length > mostLevels) return [];
    const couples = levels.flatMap((baseline, at) =>
      levels.slice(at + 1).map((level) => ({ level, baseline })),
    );
    return strata
      .filter(({ within }) => within === '' || factor !== by)
      .map(({ within, members }) => ({ factor, within, couples, groups: groupByOthers(factor, members) }));
  });
  return outcomes.flatMap((outcome) => {
    const found = compared.flatMap(({ factor, within, couples, groups }) =>
      couples.flatMap((couple) => compare({ outcome, factor, within, ...couple }, groups, options)),
    );
    const adjusted = adjustHolm(found.map(({ tests }) => tests.wilcoxon));
    return found.map((effect, at) => ({ ...effect, adjusted: adjusted[at]! }));
  });
}

type Question = Pick<FactorEffect, 'outcome' | 'factor' | 'level' | 'baseline' | 'within'>;

function compare(
  question: Question,
  groups: readonly OthersEqual[],
  options: EffectOptions,
): Omit<FactorEffect, 'adjusted'>[] {
  const matched = matchNetworks(question, groups);
  if (matched.length < fewestPairs) return [];
  const differences = matched.map(({ difference }) => difference);
  const { mean } = summarize(differences)!;
  return [
    {
      ...question,
      pairs: matched.length,
      difference: mean,
      ...intervalOf(matched, question, options),
      tests: testDifferences(differences),
    },
  ];
}

interface Matched {
  readonly set: string;
  readonly difference: number;
}

/** Networks that are equal in ID set and all factors but one, by their level of that one. */
interface OthersEqual {
  readonly set: string;
  readonly byLevel: ReadonlyMap<string, readonly NetworkOutcome[]>;
}

function groupByOthers(factor: string, networks: readonly NetworkOutcome[]): OthersEqual[] {
  const groups = groupBy(networks, ({ task, id, factors }) => {
    const others = Object.entries(factors).filter(([name, value]) => name !== factor && value !== '');
    return JSON.stringify([task, id, others.sort(([a], [b]) => (a < b ? -1 : 1))]);
  });
  return [...groups.values()].map((own) => ({
    set: `${own[0]!.task}\n${own[0]!.id}`,
    byLevel: groupBy(own, ({ factors }) => factors[factor] ?? ''),
  }));
}

/** Differences of one level from another; several networks that differ in nothing are averaged. */
function matchNetworks({ outcome, level, baseline }: Question, groups: readonly OthersEqual[]): Matched[] {
  return groups.flatMap(({ set, byLevel }) => {
    const [one, other] = [level, baseline].map((wanted) => {
      const own = byLevel.get(wanted) ?? [];
      return own.reduce((sum, { values }) => sum + values[outcome], 0) / own.length;
    });
    return Number.isFinite(one! - other!) ? [{ set, difference: one! - other! }] : [];
  });
}

/** Over ID sets where there are at least three, since networks of one set share its images; else over the matched pairs. */
function intervalOf(
  matched: readonly Matched[],
  question: Question,
  { draws: count = 1000, level = 0.95, seed = 0 }: EffectOptions,
): Pick<FactorEffect, 'interval' | 'over'> {
  const sets = [...groupBy(matched, ({ set }) => set).values()];
  if (sets.length < fewestSets) {
    const { mean, halfWidth } = summarize(
      matched.map(({ difference }) => difference),
      level,
    )!;
    const interval = halfWidth === undefined ? undefined : { low: mean - halfWidth, high: mean + halfWidth };
    return { interval, over: 'matched pairs (t)' };
  }
  const sums = sets.map((own) => own.reduce((sum, { difference }) => sum + difference, 0));
  const source = stream(seed, 'transfer', 'effect', ...Object.values(question));
  const [interval] = bootstrap(
    sets.length,
    1,
    (counts, out) => {
      let [sum, n] = [0, 0];
      for (let at = 0; at < sums.length; at++) {
        sum += counts[at]! * sums[at]!;
        n += counts[at]! * sets[at]!.length;
      }
      out[0] = sum / n;
    },
    { draws: count, level, source },
  );
  return { interval, over: `${sets.length} ID sets (bootstrap)` };
}
