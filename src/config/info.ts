import type { DefaultsNode } from './compose/defaults-tree.js';
import { allGroups } from './compose/group-overrides.js';
import { configPath, overrideKey } from './compose/packages.js';
import type { Repository } from './compose/search-path.js';
import type { Composition } from './composition.js';
import type { Plain } from './tree.js';

export interface GroupListing {
  readonly group: string;
  readonly options: readonly string[];
  /** The option that the composition chose. */
  readonly chosen: Plain | undefined;
}

/** Every group with its options: what help shows. */
export function listGroups({ session, choices }: Composition): readonly GroupListing[] {
  return allGroups(session.repository)
    .map((group) => ({ group, options: session.repository.options(group), chosen: choices[group] }))
    .filter(({ options }) => options.length > 0);
}

/** `--info config`: where configs are looked up, in order. */
export function formatSearchPath({ roots }: Repository): string {
  const rows = roots.map(({ provider, folder, mount }) => [
    provider,
    mount === undefined ? folder : `${folder}/NAME/${mount.file} as ${mount.group}/NAME`,
  ]);
  return formatTable(['Provider', 'Search path'], rows);
}

/** `--info defaults`: the flat defaults list, in the order in which configs are laid on each other. */
export function formatDefaultsList({ defaults }: Composition): string {
  const rows = defaults.rows.map((row) => [
    row.path,
    row.package,
    row.isSelf ? 'True' : 'False',
    row.parent ?? '',
  ]);
  return formatTable(['Config path', 'Package', '_self_', 'Parent'], rows);
}

/** `--info defaults-tree`. */
export function formatDefaultsTree({ defaults }: Composition): string {
  const lines: string[] = ['<root>:'];
  const walk = (node: DefaultsNode, depth: number) => {
    const { located, children, removed, file } = node;
    const indent = '  '.repeat(depth);
    const isGroup = located.entry.kind === 'group';
    const name = isGroup ? `${overrideKey(located)}: ${located.choice}` : configPath(located);
    const state = removed ? ' (not there)' : file === undefined ? ' (nothing chosen)' : '';
    lines.push(`${indent}${name}${state}${children === undefined ? '' : ':'}`);
    for (const child of children ?? []) {
      if (child === 'self') lines.push(`${indent}  _self_`);
      else walk(child, depth + 1);
    }
  };
  walk(defaults.tree, 1);
  return lines.join('\n');
}

function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] as number)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
