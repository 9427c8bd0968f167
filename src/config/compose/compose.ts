import type { PlacedOverride } from '../overrides/apply.js';
import { emptyMap, type MapNode, parsePath } from '../tree.js';
import { buildDefaults } from './defaults.js';
import type { Defaults } from './defaults-tree.js';
import { sortOverrides } from './group-overrides.js';
import { mergeMaps, wrapAt } from './merge.js';
import type { Repository } from './search-path.js';

/** What the files alone say, before value overrides. */
export interface FileComposition {
  readonly defaults: Defaults;
  readonly tree: MapNode;
  readonly values: readonly PlacedOverride[];
}

/**
 * Composes the files of the primary config with the chosen options, and returns the value overrides
 * that are still to be applied. Compositions of the same options are kept in `known`.
 */
export function composeFiles(
  repository: Repository,
  primary: string,
  overrides: readonly PlacedOverride[],
  known = new Map<string, Omit<FileComposition, 'values'>>(),
): FileComposition {
  const sorted = sortOverrides(overrides, repository);
  const key = JSON.stringify([
    [...sorted.choices].map(([group, { choice }]) => [group, choice]),
    [...sorted.deletions].map(([group, { option }]) => [group, option]),
    sorted.appended.map(({ group, package: packageName, choice }) => [group, packageName, choice]),
  ]);
  const found = known.get(key) ?? layFiles(buildDefaults(repository, primary, sorted));
  known.set(key, found);
  return { ...found, values: sorted.values };
}

function layFiles(defaults: Defaults): { defaults: Defaults; tree: MapNode } {
  let tree = emptyMap({ kind: 'file', file: defaults.tree.file?.file ?? '', line: 1, column: 1 });
  for (const row of defaults.rows) tree = mergeMaps(tree, wrapAt(parsePath(row.package), row.file.body));
  return { defaults, tree };
}
