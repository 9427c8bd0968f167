import type { FindingsRule } from '../../../config/index.js';
import { stream } from '../../../random/stream.js';
import type { TransferRecord } from '../records.js';
import { bootstrap, type Interval } from '../statistics/bootstrap.js';
import { type Domain, listDomains } from './domains.js';
import { listQuestions, type Question } from './questions.js';

export type FindingVerdict = 'reproduced' | 'not reproduced' | 'undecided';

/** One number behind a finding: the finding says that it is above 0. */
export interface Statistic {
  readonly words: string;
  readonly value: number;
  /** Percentile interval by drawing domains with replacement; undefined where there are too few. */
  readonly interval: Interval | undefined;
}

export interface Finding {
  /** What the assay found, in words. */
  readonly claim: string;
  readonly statistics: readonly Statistic[];
  /** Domains that count. */
  readonly domains: number;
  readonly verdict: FindingVerdict;
  /** Why there is no number, or what it was compared with. */
  readonly note: string;
}

/**
 * The five findings of the assay that a small grid can be asked for (Wenzel et al. 2022), each by the same rule, fixed
 * before any run: its statistic is a mean over domains trained on, with a percentile interval by drawing domains with all of
 * their networks and pairs. Reproduced: all of its intervals lie above 0; not reproduced: one lies below; else undecided.
 * Where best or worst of several is compared, each draw chooses anew.
 */
export function judgeFindings(records: readonly TransferRecord[], rule: FindingsRule): Finding[] {
  const domains = listDomains(records, rule.networks);
  return listQuestions(domains, rule).map((question) =>
    'missing' in question
      ? {
          ...{ claim: question.claim, statistics: [], domains: 0, verdict: 'undecided' },
          note: question.missing,
        }
      : judge(question, domains, rule),
  );
}

function judge(
  { claim, columns, statistics, note }: Question,
  domains: readonly Domain[],
  rule: FindingsRule,
) {
  const rows = domains
    .map((domain) => columns.map((column) => column(domain)))
    .filter((row) => row.every(Number.isFinite));
  const meansOf = (counts?: ArrayLike<number>) =>
    columns.map((_, at) => {
      const sum = rows.reduce((total, row, domain) => total + (counts?.[domain] ?? 1) * row[at]!, 0);
      return sum / rows.length;
    });
  const enough = rows.length >= rule.domains;
  const compute = (counts: Float64Array, out: Float64Array) => {
    const means = meansOf(counts);
    statistics.forEach(({ of }, at) => {
      out[at] = of(means);
    });
  };
  const { draws, level } = rule;
  const source = stream(0, 'transfer', 'finding', claim);
  const intervals = enough
    ? bootstrap(rows.length, statistics.length, compute, { draws, level, source })
    : [];
  const found = statistics.map(({ words, of }, at): Statistic => {
    return { words, value: rows.length === 0 ? Number.NaN : of(meansOf()), interval: intervals[at] };
  });
  const few = `${rows.length} domains with at least ${rule.networks} networks, ${rule.domains} are needed`;
  return {
    ...{ claim, statistics: found, domains: rows.length, verdict: decide(found) },
    note: [note, ...(enough ? [] : [few])].filter(Boolean).join('; '),
  };
}

function decide(statistics: readonly Statistic[]): FindingVerdict {
  const intervals = statistics.map(({ interval }) => interval);
  if (intervals.some((interval) => interval !== undefined && interval.high < 0)) return 'not reproduced';
  const all = intervals.every((interval) => interval !== undefined && interval.low > 0);
  return all ? 'reproduced' : 'undecided';
}
