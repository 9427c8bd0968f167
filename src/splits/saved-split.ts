import { HeldoutError } from '../core/errors.js';
import { readTextIfThere, writeFileAtomic } from '../core/files.js';
import type { Split } from './split.js';

/** What is kept of a split: the sets themselves follow from the config again and are checked by hash. */
export interface SavedSplit {
  readonly rule: string;
  readonly statement: readonly string[];
  readonly counts: { readonly train: number; readonly test: number };
  readonly held: Readonly<Record<string, readonly number[]>>;
  readonly hash: string;
}

export function summarizeSplit({ rule, statement, sets, held, hash }: Split): SavedSplit {
  return { rule, statement, counts: { train: sets.train.length, test: sets.test.length }, held, hash };
}

/** Writes `split.json`. */
export function saveSplit(path: string, split: Split): void {
  writeFileAtomic(path, `${JSON.stringify(summarizeSplit(split), null, 2)}\n`);
}

/** Reads `split.json`; undefined when there is none. */
export function loadSplit(path: string): SavedSplit | undefined {
  const text = readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    const saved: SavedSplit | null = JSON.parse(text);
    if (typeof saved?.hash === 'string' && Array.isArray(saved.statement)) return saved;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new HeldoutError({
    code: 'E_SPLIT_FILE',
    message: 'this is not a saved split',
    place: path,
    hints: ['remove the file; it is written again'],
    exitCode: 1,
  });
}

/** Refuses to go on with other sets than those that were saved. */
export function verifySplit(path: string, saved: SavedSplit, split: Split): void {
  if (saved.hash === split.hash) return;
  throw new HeldoutError({
    code: 'E_SPLIT_CHANGED',
    message: `the split is no longer the one that this run began with (${saved.hash.slice(0, 12)}, now ${split.hash.slice(0, 12)})`,
    place: path,
    hints: ['start a new run: results of different splits must not be mixed'],
    exitCode: 1,
  });
}
