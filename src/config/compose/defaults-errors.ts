import { HeldoutError } from '../../core/errors.js';
import { listNames, suggest } from '../suggestions.js';
import type { DefaultsNode } from './defaults-tree.js';
import { configPath, groupPath, overrideKey } from './packages.js';
import type { Repository } from './search-path.js';

export function defaultsError(message: string, place: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_DEFAULTS', message, ...(place === '' ? {} : { place }), hints });
}

export function unresolvedError(node: DefaultsNode, text: string, known: Iterable<string>): HeldoutError {
  const keys = [...known].toSorted();
  return defaultsError(`Error resolving interpolation '${text}'`, node.place, [
    `possible interpolation keys: ${listNames(keys)}`,
  ]);
}

export function unchosenError(repository: Repository, node: DefaultsNode): HeldoutError {
  const key = overrideKey(node.located);
  const options = repository.options(groupPath(node.located));
  return defaultsError(`You must specify '${key}', e.g, ${key}=<OPTION>`, node.place, [
    `Available options: ${listNames(options)}`,
  ]);
}

export function notFoundError(repository: Repository, node: DefaultsNode): HeldoutError {
  const path = configPath(node.located);
  const group = groupPath(node.located);
  const options = repository.options(group);
  const roots = repository.roots.map((root) => root.folder).join(', ');
  const parent = node.parent === undefined ? '' : `In '${configPath(node.parent.located)}': `;
  const hints = [...suggest(String(node.located.choice), options)];
  if (options.length > 0) hints.push(`Available options in '${group}': ${listNames(options, 20)}`);
  return new HeldoutError({
    code: 'E_CONFIG_NOT_FOUND',
    message: `${parent}Could not find '${path}'`,
    ...(node.place === '' ? {} : { place: node.place }),
    hints: [...hints, `Config search path: ${roots}`],
  });
}

/** Throws when a config is among its own parents. */
export function refuseCycle(node: DefaultsNode): void {
  const path = configPath(node.located);
  const chain = [path];
  for (let parent = node.parent; parent !== undefined; parent = parent.parent) {
    chain.push(configPath(parent.located));
    if (chain.at(-1) !== path) continue;
    throw new HeldoutError({
      code: 'E_DEFAULTS_CYCLE',
      message: `the defaults lists run in a circle: ${chain.toReversed().join(' → ')}`,
      place: node.place,
      hints: ['take one of these entries out of its defaults list'],
    });
  }
}
