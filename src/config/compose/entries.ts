import { HeldoutError } from '../../core/errors.js';
import { formatPlace, type MapNode, type Node } from '../tree.js';

export type Choice = string | readonly string[] | null;

/** One line of a defaults list, as written. */
export type Entry = SelfEntry | ConfigEntry | GroupEntry;
interface SelfEntry {
  readonly kind: 'self';
  readonly place: string;
}
export interface ConfigEntry {
  readonly kind: 'config';
  /** Path of a config; from the root of the search path when it starts with `/`. */
  readonly path: string;
  readonly package: string | undefined;
  readonly optional: boolean;
  readonly place: string;
}
export interface GroupEntry {
  readonly kind: 'group';
  readonly group: string;
  readonly package: string | undefined;
  readonly choice: Choice;
  readonly optional: boolean;
  readonly override: boolean;
  /** Added on the command line with `+group=option`: its group is not relative to any file. */
  readonly appended: boolean;
  readonly place: string;
}

/** Takes the defaults list out of a file's content. */
export function splitDefaults(root: MapNode): { defaults: readonly Entry[]; body: MapNode } {
  const list = root.entries.get('defaults');
  if (list === undefined) return { defaults: [], body: root };
  const entries = new Map(root.entries);
  entries.delete('defaults');
  const empty = list.kind === 'scalar' && list.value === null;
  if (list.kind !== 'list' && !empty) {
    throw malformed(list, "'defaults' is a list: one '- group: option' a line");
  }
  return { defaults: list.kind === 'list' ? list.items.map(readEntry) : [], body: { ...root, entries } };
}

function malformed(node: Node, message: string, hints: readonly string[] = []): HeldoutError {
  return new HeldoutError({ code: 'E_DEFAULTS', message, place: formatPlace(node.place), hints });
}

function readEntry(node: Node): Entry {
  const place = formatPlace(node.place);
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    if (node.value === '_self_') return { kind: 'self', place };
    if (/\s/.test(node.value.replaceAll(/\$\{[^}]*\}/g, ''))) {
      throw malformed(node, `'${node.value}' is not the name of a config`, ['write it without the quotes']);
    }
    return { kind: 'config', ...splitPackage(node.value, node), optional: false, place };
  }
  const [only, ...rest] = node.kind === 'map' ? node.entries : [];
  if (only === undefined || rest.length > 0) {
    throw malformed(node, "an entry of the defaults list is 'CONFIG' or 'GROUP: OPTION'", [
      'write one entry a line, each with its own dash',
    ]);
  }
  return readGroupEntry(only[0], only[1], node);
}

function readGroupEntry(key: string, value: Node, node: Node): Entry {
  const place = formatPlace(value.place);
  const words = key.trim().split(/\s+/);
  const target = words.pop() as string;
  for (const word of words) {
    if (word !== 'optional' && word !== 'override') {
      throw malformed(node, `Unsupported keyword '${word}' in defaults list`, [
        "keywords are 'optional' and 'override'",
      ]);
    }
  }
  const { path, package: packageName } = splitPackage(target, node);
  if (path === '' || path === '_self_') throw malformed(node, 'an entry of the defaults list names a group');
  return {
    kind: 'group',
    group: path,
    package: packageName,
    choice: readChoice(value),
    optional: words.includes('optional'),
    override: words.includes('override'),
    appended: false,
    place,
  };
}

function readChoice(value: Node): Choice {
  if (value.kind === 'list') return value.items.map(readOption);
  return value.kind === 'scalar' && value.value === null ? null : readOption(value);
}

function readOption(value: Node): string {
  if (value.kind !== 'scalar' || typeof value.value === 'boolean' || value.value === null) {
    throw malformed(value, 'an option of a group is a name, a list of names, null or ???');
  }
  return String(value.value).replace(/\.yaml$/, '');
}

function splitPackage(text: string, node: Node): { path: string; package: string | undefined } {
  const at = text.indexOf('@');
  if (at < 0) return { path: text.replace(/\.yaml$/, ''), package: undefined };
  const packageName = text.slice(at + 1);
  if (packageName.includes(':') || packageName.includes('@')) {
    throw malformed(node, `'${packageName}' is not a package`, ['write GROUP@PACKAGE: OPTION']);
  }
  return { path: text.slice(0, at), package: packageName };
}
