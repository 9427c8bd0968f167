import { groupBy } from '../../analysis/records.js';
import { HeldoutError } from '../../core/errors.js';
import { densityOf } from '../../models/nac/priors/graph.js';
import type { PruningOrder } from '../../models/nac/pruning/order-processors.js';
import type { LinkTable } from '../../models/nac/pruning/read-links.js';
import type { Net } from './nets.js';

/** Throws HeldoutError where an order goes by links that there are not. */
export function requireLinks(
  links: LinkTable | undefined,
  orders: readonly PruningOrder[],
  run: string,
): void {
  const ordered = orders.find((order) => order !== 'random');
  if (ordered === undefined) return;
  const refuse = (code: string, why: string) =>
    new HeldoutError({
      code,
      message: `the processors of run ${run} have no order by degree: ${why}`,
      place: `order=${ordered}`,
      hints: ['order=random takes them as they are drawn'],
    });
  if (links === undefined) throw refuse('E_PRUNE_ORDER', 'in this circuit every module hears all others');
  const isLinked = links.graph.adjacency.includes(1);
  const isWide = links.probabilities.some((p, at) => p > 0 && at % (links.size + 1) !== 0);
  if (isLinked || isWide) return;
  throw refuse('E_PRUNE_ISOLATED', 'its truncation cuts every link between them (density 0)');
}

/** What to say where no link joins the processors that are left. */
export function warnOfIsolation(links: LinkTable | undefined, nets: readonly Net[]): string[] {
  if (links === undefined || links.probabilities.every((p) => p > 0)) return [];
  const alone = nets.filter(({ kept }) => kept.length > 1 && !hasLink(links, kept));
  const density = densityOf(links.graph).toFixed(3);
  return [...groupBy(alone, ({ order }) => order)].map(([order, members]) => {
    const sizes = [...groupBy(members, ({ kept }) => String(kept.length))].map(([kept, { length }]) =>
      order === 'random' ? `${kept} (${length} ${length === 1 ? 'draw' : 'draws'})` : kept,
    );
    return `order=${order}: no link joins the processors that stay at keep=${sizes.join(', ')}, so that each hears only itself; the whole graph has density ${density}`;
  });
}

function hasLink({ size, probabilities }: LinkTable, kept: Uint32Array): boolean {
  return kept.some((a) => kept.some((b) => a !== b && probabilities[a * size + b]! > 0));
}
