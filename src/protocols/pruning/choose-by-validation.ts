import { mean } from 'simple-statistics';
import { groupBy } from '../../analysis/records.js';
import { HeldoutError } from '../../core/errors.js';
import type { Net } from './nets.js';
import type { Scorer } from './score-nets.js';

/** The set that a choice may look at: seen combinations, but no example of training. */
const validation = 'validation';
/** Sizes that are tried, at most. */
const mostTried = 32;

/**
 * The fewest processors whose accuracy on the set `validation`, and that of every larger number tried, is at most
 * `lose` below that of the whole circuit; random choices count by their mean. No other set is looked at.
 */
export async function chooseByValidation(
  scorer: Scorer,
  whole: Net,
  list: (counts: readonly number[]) => readonly Net[],
  lose: number,
): Promise<{ readonly kept: number; readonly warnings: readonly string[] }> {
  if (!scorer.sets.includes(validation)) {
    throw new HeldoutError({
      code: 'E_PRUNE_VALIDATION',
      message: `keep=auto chooses on the set '${validation}', and the split of this run has only ${scorer.sets.join(', ')}`,
      place: 'keep=auto',
      hints: ['name what is kept: keep=0.5,0.2', 'train with split=sprites-ood, which has the set'],
    });
  }
  const processors = whole.kept.length;
  const nets = list(listCounts(processors));
  const [scores] = await scorer.score([whole, ...nets], [validation]);
  const [all, ...values] = scores!.values as [number, ...number[]];
  const accuracies = [
    ...groupBy(
      nets.map((net, at) => ({ net, value: values[at]! })),
      ({ net }) => `${net.kept.length}`,
    ),
  ]
    .map(([count, members]) => ({ count: Number(count), value: mean(members.map(({ value }) => value)) }))
    .sort((a, b) => b.count - a.count);
  const failing = accuracies.findIndex(({ value }) => value < all - lose);
  const passing = accuracies.slice(0, failing < 0 ? undefined : failing);
  const kept = passing.at(-1)?.count;
  if (kept !== undefined) return { kept, warnings: [] };
  const order = nets[0]?.order ?? whole.order;
  const warning = `order=${order}: every smaller circuit loses more than ${lose} on ${validation}, so all ${processors} processors stay`;
  return { kept: processors, warnings: [warning] };
}

/** All sizes below the whole, or some at equal distances. */
function listCounts(processors: number): number[] {
  const tried = Math.min(mostTried, processors);
  const counts = Array.from({ length: tried - 1 }, (_, at) => Math.round((processors * (at + 1)) / tried));
  return [...new Set(counts)];
}
