import { defaultsError } from './defaults-errors.js';
import type { Choice } from './entries.js';
import { configPath, finalPackage, type Located, overrideKey } from './packages.js';
import type { ConfigFile } from './search-path.js';

/** A config in the defaults tree; a leaf has no children, and `self` marks where its own values stand. */
export interface DefaultsNode {
  located: Located;
  file: ConfigFile | undefined;
  children: (DefaultsNode | 'self')[] | undefined;
  /** Deleted with `~group`, or optional and not there. */
  removed: boolean;
  readonly parent: DefaultsNode | undefined;
  /** Where the choice was made. */
  place: string;
}

/** One line of the flat defaults list, in the order in which configs are laid on each other. */
export interface DefaultsRow {
  readonly path: string;
  readonly package: string;
  readonly isSelf: boolean;
  readonly parent: string | undefined;
  readonly file: ConfigFile;
}

export interface Defaults {
  readonly tree: DefaultsNode;
  readonly rows: readonly DefaultsRow[];
  /** Final option of every group, by override key. */
  readonly choices: ReadonlyMap<string, Choice>;
}

/** The flat list of a tree, and its nodes that have a file. */
export function listRows(root: DefaultsNode): { rows: DefaultsRow[]; nodes: DefaultsNode[] } {
  const rows: DefaultsRow[] = [];
  const nodes: DefaultsNode[] = [];
  const add = (node: DefaultsNode, isSelf: boolean) => {
    if (node.file === undefined || node.removed) return;
    const parent = node.parent === undefined ? undefined : configPath(node.parent.located);
    const path = configPath(node.located);
    rows.push({ path, package: finalPackage(node.located), isSelf, parent, file: node.file });
  };
  const walk = (node: DefaultsNode) => {
    if (node.file !== undefined) nodes.push(node);
    if (node.children === undefined) return add(node, false);
    for (const child of node.children) {
      if (child === 'self') add(node, true);
      else walk(child);
    }
  };
  walk(root);
  return { rows, nodes };
}

export function refuseDuplicates(nodes: readonly DefaultsNode[]): void {
  const keys = new Set<string>();
  for (const { located, place } of nodes) {
    if (located.entry.kind !== 'group') continue;
    const key = overrideKey(located);
    if (keys.has(key))
      throw defaultsError(`${key} appears more than once in the final defaults list`, place, []);
    keys.add(key);
  }
}
