import type { Drawn } from './bootstrap.js';
import type { GroupCounts } from './counts.js';
import type { Interval } from './intervals.js';
import type { Measure } from './measures/measure.js';
import { amongOf, ratesOf } from './rates.js';
import type { ScoredPair } from './scores/group-scores.js';
import type { ScoreMeasure } from './scores/score-definition.js';

/** A number with its intervals, or why there is none. */
export interface Estimate {
  /** Undefined where the number does not exist: then `absent` says why. */
  readonly value: number | undefined;
  readonly absent: string | undefined;
  readonly analytic: Interval | undefined;
  readonly bootstrap: Interval | undefined;
  /** Draws without a value, of all. */
  readonly lacking: number;
  readonly draws: number;
}

/** What a measure comes to. `drawn` is what the bootstrap made of it. */
export function estimateCounts(measure: Measure, counts: GroupCounts, drawn: Drawn, level: number): Estimate {
  const rates = ratesOf(counts);
  const value = measure.compute(rates);
  if (!Number.isFinite(value)) return absent(explainAbsence(measure, counts), drawn);
  return present(value, measure.bounds(rates, level), drawn);
}

export function estimateScores(
  measure: ScoreMeasure,
  pair: ScoredPair,
  drawn: Drawn,
  level: number,
): Estimate {
  const value = measure.compute(pair);
  if (!Number.isFinite(value)) return absent(explainScores(pair), drawn);
  return present(value, measure.bounds(pair, level), drawn);
}

function present(value: number, analytic: Interval | undefined, drawn: Drawn): Estimate {
  const { interval, lacking, draws } = drawn;
  return { value, absent: undefined, analytic, bootstrap: interval, lacking, draws };
}

function absent(why: string, { lacking, draws }: Drawn): Estimate {
  return { value: undefined, absent: why, analytic: undefined, bootstrap: undefined, lacking, draws };
}

/** Which group lacks whom; else some rate that is divided by is 0. */
export function explainAbsence({ uses }: Measure, counts: GroupCounts): string {
  const { of } = ratesOf(counts);
  for (const name of uses) {
    const lacking = counts.groups.filter((_, group) => Number.isNaN(of[name][group]!));
    if (lacking.length > 0) return `no ${amongOf(name)} in ${lacking.join(' and ')}`;
  }
  for (const name of uses) {
    const zero = counts.groups.filter((_, group) => of[name][group] === 0);
    if (zero.length > 0) return `the ${name.replaceAll('_', ' ')} of ${zero.join(' and ')} is 0`;
  }
  return 'everyone is a false negative';
}

/** Scores lack a number where a class has nobody, or where they are all equal. */
function explainScores({ groups }: ScoredPair): string {
  for (const [at, what] of ['negative', 'positive'].entries()) {
    const lacking = groups.filter(({ truth }) => !truth.includes(at)).map(({ name }) => name);
    if (lacking.length > 0) return `no person of the ${what} class in ${lacking.join(' and ')}`;
  }
  return 'scores do not vary within a group';
}
