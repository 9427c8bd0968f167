import { HeldoutError } from '../core/errors.js';

/**
 * The parameters that no pattern of `training.train_only` matches, and those that are fixed anyway; `*` in a pattern is
 * any part of a name. Throws HeldoutError for a pattern that matches nothing, and where nothing would be trained.
 */
export function listFrozen(
  names: readonly string[],
  fixed: readonly string[],
  patterns: readonly string[] | undefined,
): readonly string[] {
  if (patterns === undefined) return fixed;
  const chosen = new Set(patterns.flatMap((pattern) => match(pattern, names)));
  const kept = names.filter((name) => fixed.includes(name) || !chosen.has(name));
  if (kept.length < names.length) return kept;
  throw new HeldoutError({
    code: 'E_TRAIN_ONLY',
    message: 'nothing would be trained: what is named stays as it starts anyway',
    place: 'training.train_only',
    hints: ['~training.train_only  (trains all parameters)'],
  });
}

function match(pattern: string, names: readonly string[]): readonly string[] {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const matched = names.filter((name) => new RegExp(`^${parts.join('.*')}$`).test(name));
  if (matched.length > 0) return matched;
  const folders = [...new Set(names.map((name) => name.slice(0, name.lastIndexOf('/'))))];
  throw new HeldoutError({
    code: 'E_TRAIN_ONLY',
    message: `no parameter is called '${pattern}'`,
    place: 'training.train_only',
    hints: [`parameters lie in ${folders.slice(0, 12).join(', ')}${folders.length > 12 ? ' ..' : ''}`],
  });
}
