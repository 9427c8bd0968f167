import { join } from 'node:path';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import { readTextIfThere, writeFileAtomic } from '../../core/files/files.js';
import type { Arguments } from '../arguments/arguments.js';
import { launchInTurn } from './launch-in-turn.js';
import type { Order } from './order-work.js';

/** What a refusal is by its code: the usage was wrong, not the work. */
const usageCodes = /^E_PRUNE_/;
const foundName = 'found.json';

/**
 * Has an order worked on in a process of its own, like every job: that is where TensorFlow is. Returns what it found,
 * or the exit code where there is nothing. `place` says which of how many orders it is.
 */
export async function launchOrder<Found>(
  order: Order,
  label: string,
  args: Pick<Arguments, 'json' | 'progress'>,
  place = { total: 1, done: 0 },
): Promise<{ readonly found: Found | undefined; readonly code: ExitCode }> {
  const { run } = order;
  return await launchInTurn({
    name: order.task,
    progress: args.json && args.progress === 'auto' ? 'none' : args.progress,
    ...place,
    prepare(folder) {
      const orderFile = join(folder, 'order.json');
      writeFileAtomic(orderFile, JSON.stringify(order));
      return {
        batches: [[{ index: 0, run, label, folder }]],
        words: () => ['order', join(folder, foundName)],
        launchFile: orderFile,
      };
    },
    finish({ results, stopped }, folder) {
      const { outcome, error } = results[0]!;
      if (error !== undefined && !stopped) {
        throw new HeldoutError({ ...error, exitCode: usageCodes.test(error.code) ? 2 : 1 });
      }
      const text = outcome === 'done' ? readTextIfThere(join(folder, foundName)) : undefined;
      return { found: text === undefined ? undefined : JSON.parse(text), code: stopped ? 130 : 1 };
    },
  });
}
