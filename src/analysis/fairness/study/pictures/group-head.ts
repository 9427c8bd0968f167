import { quantileSorted } from 'simple-statistics';
import { type Summary, summarize } from '../../../summary.js';
import { decideAbove } from '../../decisions.js';
import { groupSize } from '../../people.js';
import { armsOf, type FairArm, headsOf } from '../arms.js';

/** How the outputs of the group head are spread within each group at test. */
export interface GroupHeads {
  readonly seeds: readonly string[];
  /** Ends of the bins, `[bins + 1]`, of outputs less their threshold; the outermost bins hold what lies beyond them. */
  readonly edges: readonly number[];
  /** Of group 0 and group 1. */
  readonly groups: readonly [BinnedGroup, BinnedGroup];
  /** Share of people whose group the head tells. */
  readonly accuracy: Summary;
  /** Share of the larger group: what always answering with it comes to. */
  readonly majority: Summary;
}

export interface BinnedGroup {
  /** Share of the group's people in each bin, a list per seed, `[seeds][bins]`. */
  readonly seeds: readonly (readonly number[])[];
  /** Their mean over seeds, `[bins]`. */
  readonly mean: readonly number[];
}

/**
 * Bins g of all nets with two heads. Bins are equally wide from the 0.2 % to the 99.8 % quantile of all outputs, which
 * holds off single ones far away, and reach over the threshold. Undefined where no net has two heads.
 */
export function binGroupHead(arms: readonly FairArm[], bins = 50): GroupHeads | undefined {
  const runs = armsOf(arms, 'two_heads').flatMap((arm) => arm.runs);
  const sets = runs.map(({ test }) => ({ g: headsOf(test).g, people: test.people }));
  if (sets.length === 0) return undefined;
  const all = sets.flatMap(({ g }) => Array.from(g)).sort((p, q) => p - q);
  const low = Math.min(0, quantileSorted(all, 0.002));
  const high = Math.max(0, quantileSorted(all, 0.998));
  // A head that answers 0 to everybody still has a bin for it.
  const width = (high - low || 1) / bins;
  const count = (group: number) =>
    sets.map(({ g, people }) => {
      const inBins = new Array<number>(bins).fill(0);
      let size = 0;
      for (const [i, value] of g.entries()) {
        if (people.a[i] !== group) continue;
        inBins[Math.min(bins - 1, Math.max(0, Math.floor((value - low) / width)))]! += 1;
        size += 1;
      }
      return inBins.map((found) => found / size);
    });
  const told = sets.map(({ g, people }) => {
    const groups = decideAbove(g);
    return groups.reduce((sum, group, i) => sum + Number(group === people.a[i]), 0) / people.count;
  });
  const largest = sets.map(
    ({ people: { sizes, count: size } }) => Math.max(groupSize(sizes, 0), groupSize(sizes, 1)) / size,
  );
  return {
    seeds: runs.map(({ seed }) => seed),
    edges: Array.from({ length: bins + 1 }, (_, at) => low + at * width),
    groups: [meanOf(count(0)), meanOf(count(1))],
    accuracy: summarize(told)!,
    majority: summarize(largest)!,
  };
}

function meanOf(seeds: readonly (readonly number[])[]): BinnedGroup {
  const mean = seeds[0]!.map((_, bin) => summarize(seeds.map((shares) => shares[bin]!))!.mean);
  return { seeds, mean };
}
