import { nearestNames } from '../../config/index.js';
import { HeldoutError } from '../../core/errors.js';
import { type PruningOrder, pruningOrders } from '../../models/nac/pruning/order-processors.js';
import { takeOptions } from '../derived/command-options.js';

/** What `prune` was asked for. */
export interface PruneOptions {
  /** Shares below 1 and numbers of processors from 1 on; `auto`: chosen on validation; absent: not said. */
  readonly keep: readonly number[] | 'auto' | undefined;
  /** Absent: not said. */
  readonly orders: readonly PruningOrder[] | undefined;
  readonly draws: number;
  readonly seed: number;
  readonly examples: number | null;
  /** Sets that are looked at; absent: not said. */
  readonly sets: readonly string[] | undefined;
  /** Of `keep=auto`: how much accuracy on validation may go. */
  readonly lose: number;
}

const keys = ['keep', 'order', 'draws', 'seed', 'examples', 'sets', 'lose'] as const;
type Key = (typeof keys)[number];
/** Fewer say too little of how much draws differ. */
export const fewestDraws = 8;

/**
 * Takes the options of `prune` from the words of a command line. Throws all errors at once (exit 2).
 * @returns The options, and the other words.
 */
export function readPruneOptions(words: readonly string[]): {
  readonly options: PruneOptions;
  readonly rest: readonly string[];
} {
  const { typed, rest, refuse, throwRefused } = takeOptions('prune', keys, words);
  const listOf = (key: Key) =>
    typed
      .get(key)
      ?.replace(/^\[(.*)\]$/, '$1')
      .split(',')
      .map((part) => part.trim());
  const number = (key: Key, usual: number, check: (value: number) => boolean, range: string) => {
    const text = typed.get(key);
    const value = text === undefined ? usual : Number(text === '' ? Number.NaN : text);
    if (!check(value)) refuse(`${key}=${text}`, `${key} takes ${range}`, `type ${key}=${usual}`);
    return value;
  };
  const isWhole = (least: number) => (value: number) => Number.isSafeInteger(value) && value >= least;

  const shares = listOf('keep');
  const keep = shares?.join() === 'auto' ? ('auto' as const) : shares?.map(Number);
  if (Array.isArray(keep)) {
    for (const [at, value] of keep.entries()) {
      if (shares![at] !== '' && value >= 0 && (value < 1 || Number.isInteger(value))) continue;
      const message = `keep takes shares below 1, and numbers of processors from 1 on, not '${shares![at]}'`;
      refuse(`keep=${typed.get('keep')}`, message, 'type keep=0.2, keep=0.5,0.2, keep=13 or keep=auto');
    }
  }
  const orders = listOf('order');
  for (const order of orders ?? []) {
    if (pruningOrders.some((known) => known === order)) continue;
    const near = nearestNames(order, pruningOrders, 1)[0] ?? pruningOrders[0];
    refuse(
      `order=${order}`,
      `order takes one of ${pruningOrders.join(', ')}, not '${order}'`,
      `type order=${near}`,
    );
  }
  if (typed.has('lose') && keep !== 'auto')
    refuse(
      `lose=${typed.get('lose')}`,
      'lose goes with keep=auto',
      `type keep=auto lose=${typed.get('lose')}`,
    );
  const options: PruneOptions = {
    keep,
    orders: orders as readonly PruningOrder[] | undefined,
    draws: number('draws', fewestDraws, isWhole(fewestDraws), `whole numbers from ${fewestDraws} on`),
    seed: number('seed', 0, isWhole(0), 'whole numbers from 0 on'),
    examples: typed.has('examples') ? number('examples', 1024, isWhole(1), 'whole numbers from 1 on') : null,
    sets: listOf('sets'),
    lose: number(
      'lose',
      0.03,
      (value) => value >= 0 && value < 1,
      'a share of all answers from 0 to below 1',
    ),
  };
  throwRefused();
  return { options, rest };
}

/** Numbers of processors that are kept, largest first. Throws HeldoutError (exit 2) where that is none, or too many. */
export function countKept(keep: readonly number[], processors: number): number[] {
  const counts = keep.map((value) => {
    const count = value < 1 ? Math.round(value * processors) : value;
    if (count >= 1 && count <= processors) return count;
    throw new HeldoutError({
      code: 'E_PRUNE_KEEP',
      message:
        count < 1
          ? `no processor of the ${processors} would be left`
          : `there are only ${processors} processors`,
      place: `keep=${value}`,
      hints: [
        count < 1
          ? `type keep=1, the fewest, or keep=${Number((1 / processors).toPrecision(2))} or more`
          : `type keep=${processors} at most, or a share below 1`,
      ],
    });
  });
  return [...new Set(counts)].sort((a, b) => b - a);
}
