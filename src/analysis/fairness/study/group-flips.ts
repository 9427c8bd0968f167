import { type Summary, summarize } from '../../summary.js';
import { decideAbove } from '../decisions.js';
import { groupSize, listGroups } from '../people.js';
import { armsOf, type FairArm, type FairRun, pairRuns, seedsOf } from './arms.js';
import { searchManyHeads } from './trade-offs/many-groups.js';

/** Shares of each of more than two groups at test, that lose or gain a positive decision. */
export interface GroupFlips {
  /** `two heads, gap ≤ 0.01`, `regularised, λ = 10`. */
  readonly way: string;
  /** By group. Positive under f > 0 and negative now, and the other way round. */
  readonly groups: readonly { readonly rejected: Summary; readonly accepted: Summary }[];
}

/**
 * Who is decided about otherwise by heads of each group at each gap than by their net's f > 0, and by nets of each strength
 * than by the unconstrained net.
 */
export function listGroupFlips(arms: readonly FairArm[], gaps: readonly number[]): GroupFlips[] {
  const free = armsOf(arms, 'unconstrained').flatMap(({ runs }) => runs);
  const twoHeads = armsOf(arms, 'two_heads').flatMap(({ runs }) => runs);
  const own = gaps.flatMap((gap) => {
    const flips = twoHeads.flatMap((run) => {
      const [decideOn] = searchManyHeads(run, [gap]);
      return decideOn === undefined ? [] : [countFlips(run, decideAbove(run.test.f), decideOn(run.test))];
    });
    return summarizeFlips(`two heads, gap ≤ ${gap}`, flips);
  });
  const regularised = armsOf(arms, 'regularised').flatMap((arm) => {
    const pairs = pairRuns(seedsOf(arms, arm), free);
    const flips = pairs.map(([fair, other]) =>
      countFlips(fair, decideAbove(other.test.f), decideAbove(fair.test.f)),
    );
    return summarizeFlips(`regularised, λ = ${arm.strength}`, flips);
  });
  return [...own, ...regularised];
}

/** By group. */
type Flips = readonly { readonly rejected: number; readonly accepted: number }[];

function countFlips({ test: { people } }: FairRun, before: Uint8Array, after: Uint8Array): Flips {
  const counts = listGroups(people.groups).map(() => ({ rejected: 0, accepted: 0 }));
  for (let i = 0; i < people.count; i++) {
    const change = after[i]! - before[i]!;
    if (change < 0) counts[people.a[i]!]!.rejected += 1;
    if (change > 0) counts[people.a[i]!]!.accepted += 1;
  }
  return counts.map(({ rejected, accepted }, group) => {
    const size = groupSize(people.sizes, group);
    return { rejected: rejected / size, accepted: accepted / size };
  });
}

function summarizeFlips(way: string, flips: readonly Flips[]): GroupFlips[] {
  const [first] = flips;
  if (first === undefined) return [];
  const groups = first.map((_, group) => ({
    rejected: summarize(flips.map((own) => own[group]!.rejected))!,
    accepted: summarize(flips.map((own) => own[group]!.accepted))!,
  }));
  return [{ way, groups }];
}
