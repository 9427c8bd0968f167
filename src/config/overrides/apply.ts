import { HeldoutError } from '../../core/errors.js';
import { mergeNodes } from '../compose/merge.js';
import { listNames, nearestNames } from '../suggestions.js';
import { mapTogether } from '../together.js';
import {
  childOf,
  formatPath,
  formatPlace,
  fromPlain,
  isMissing,
  type MapNode,
  type Node,
  nearestNode,
  nodeAt,
  type Path,
  type Place,
  parsePath,
  toPlain,
  withNode,
  withoutNode,
} from '../tree.js';
import { printValue } from './printer.js';
import { type ElementValue, isElement, type Override, plainValue, type Value } from './value.js';

/** An override and where it was typed. */
export interface PlacedOverride {
  readonly override: Override;
  readonly place: Place;
}

/**
 * Applies value overrides left to right to a closed tree. Throws all errors at once. `takes` says whether a
 * key that is not there could be added: an error offers no way that would end in another one.
 */
export function applyOverrides(
  root: MapNode,
  overrides: readonly PlacedOverride[],
  takes: (path: Path) => boolean = () => true,
): MapNode {
  let tree: Node = root;
  mapTogether(overrides, (item) => {
    tree = applyOverride(tree, item, takes);
  });
  return tree as MapNode;
}

function applyOverride(tree: Node, item: PlacedOverride, takes: (path: Path) => boolean): Node {
  const { override, place } = item;
  const path = parsePath(override.key);
  const existing = nodeAt(tree, path);
  if (override.operation === 'delete') return deleteNode(tree, path, existing, item);
  const value = override.value as Value;
  if (value.type === 'extend_list') return extendList(tree, path, existing, value.items, item, takes);
  if (!isElement(value)) throw new Error(`the sweep '${override.key}' was not expanded`);
  const node = fromPlain(plainValue(value), place);
  if (override.operation === 'change') return changeNode(tree, path, existing, node, item, takes);
  if (override.operation === 'add') refuseTaken(existing, value, item);
  const blocker = findBlocker(tree, path);
  if (blocker !== undefined) {
    throw refuse(
      item,
      'E_CONFIG_ADD',
      `Could not append to config. '${blocker}' is a value, not a section.`,
      [],
    );
  }
  return withNode(tree, path, existing === undefined ? node : layOn(existing, node));
}

/** Unlike in a file, a typed `???` takes the value away. */
function layOn(existing: Node, node: Node): Node {
  return isMissing(node) ? { ...node, replaced: existing } : mergeNodes(existing, node);
}

function changeNode(
  tree: Node,
  path: Path,
  existing: Node | undefined,
  node: Node,
  item: PlacedOverride,
  takes: (path: Path) => boolean,
): Node {
  if (existing === undefined) throw notThere(tree, path, item, takes);
  const added = findAdded(existing, node, path);
  if (added !== undefined) throw notThere(tree, added, item, takes);
  return withNode(tree, path, layOn(existing, node));
}

/** The first key that a map would add to the map it is merged into. */
function findAdded(base: Node, over: Node, path: Path): Path | undefined {
  if (base.kind !== 'map' || over.kind !== 'map') return undefined;
  for (const [key, node] of over.entries) {
    const child = base.entries.get(key);
    const added = child === undefined ? [...path, key] : findAdded(child, node, [...path, key]);
    if (added !== undefined) return added;
  }
  return undefined;
}

function notThere(
  tree: Node,
  path: Path,
  item: PlacedOverride,
  takes: (path: Path) => boolean,
): HeldoutError {
  const { override } = item;
  const shown = override.value === undefined ? '' : printValue(override.value, true);
  return refuse(
    item,
    'E_CONFIG_UNKNOWN_KEY',
    `Could not override '${formatPath(path)}'. There is no such key.`,
    [
      ...hintKeys(tree, path),
      ...(takes(path) ? [`To append to your config use +${override.key}=${shown}`] : []),
    ],
  );
}

/** What to type instead of a path that is not there: the nearest keys, or else those of its section. */
export function hintKeys(tree: Node, path: Path): string[] {
  const near = suggestPath(tree, path);
  if (near.length > 0) return near.map((key) => `did you mean ${key}?`);
  const section = path.slice(0, deepest(tree, path));
  const parent = nodeAt(tree, section);
  return parent?.kind === 'map' && section.length > 0
    ? [`keys of ${formatPath(section)} are ${listNames([...parent.entries.keys()], 20)}`]
    : [];
}

/** The nearest keys to a path that is not there, written in full. */
export function suggestPath(tree: Node, path: Path): string[] {
  const keys: string[] = [];
  collectKeys(tree, [], keys);
  const wanted = formatPath(path);
  const depth = deepest(tree, path);
  const parent = nodeAt(tree, path.slice(0, depth));
  const siblings = parent?.kind === 'map' ? [...parent.entries.keys()] : [];
  const prefix = path.slice(0, depth).join('.');
  const rest = path.slice(depth + 1);
  const local = nearestNames(String(path[depth]), siblings).map((key) => {
    const near = prefix === '' ? key : `${prefix}.${key}`;
    const whole = [...parsePath(near), ...rest];
    return nodeAt(tree, whole) === undefined ? near : formatPath(whole);
  });
  const sameName = keys.filter((key) => key.split('.').at(-1) === String(path.at(-1)));
  if (local.length > 0) return local.slice(0, 2);
  const anywhere = depth > 0 ? [] : nearestNames(wanted, keys);
  return [...new Set([...sameName, ...anywhere])].slice(0, 2);
}

function deepest(tree: Node, path: Path): number {
  let node: Node | undefined = tree;
  for (const [index, key] of path.entries()) {
    node = node === undefined ? undefined : childOf(node, key);
    if (node === undefined) return index;
  }
  return path.length;
}

function collectKeys(node: Node, path: Path, keys: string[]): void {
  if (node.kind !== 'map') return;
  for (const [key, child] of node.entries) {
    keys.push(formatPath([...path, key]));
    collectKeys(child, [...path, key], keys);
  }
}

function refuseTaken(existing: Node | undefined, value: ElementValue, item: PlacedOverride): void {
  if (existing === undefined || value.type === 'map' || value.type === 'list') return;
  if (existing.kind === 'scalar' && (existing.value === null || isMissing(existing))) return;
  const { key } = item.override;
  const text = printValue(value, true);
  throw refuse(item, 'E_CONFIG_ADD', `Could not append to config. An item is already at '${key}'.`, [
    `Either remove + prefix: '${key}=${text}'`,
    `Or add a second + to add or override '${key}': '++${key}=${text}'`,
    `its value comes from ${formatPlace(existing.place)}`,
  ]);
}

function findBlocker(tree: Node, path: Path): string | undefined {
  for (let length = 1; length < path.length; length += 1) {
    const node = nodeAt(tree, path.slice(0, length));
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && node.value !== null) return formatPath(path.slice(0, length));
    if (node.kind === 'list' && childOf(node, path[length] as string) === undefined) {
      return formatPath(path.slice(0, length));
    }
  }
  return undefined;
}

function deleteNode(tree: Node, path: Path, existing: Node | undefined, item: PlacedOverride): Node {
  const { key, value } = item.override;
  if (existing === undefined) {
    throw refuse(item, 'E_CONFIG_DELETE', `Could not delete from config. '${key}' does not exist.`, [
      ...suggestPath(tree, path).map((near) => `did you mean ~${near}?`),
    ]);
  }
  if (value !== undefined && isElement(value)) {
    const [wanted, found] = [JSON.stringify(plainValue(value)), JSON.stringify(toPlain(existing))];
    if (wanted !== found) {
      const message = `Could not delete from config. The value of '${key}' is ${found} and not ${wanted}.`;
      throw refuse(item, 'E_CONFIG_DELETE', message, [`type ~${key} to delete it whatever its value`]);
    }
  }
  return withoutNode(tree, path);
}

function extendList(
  tree: Node,
  path: Path,
  existing: Node | undefined,
  items: readonly ElementValue[],
  item: PlacedOverride,
  takes: (path: Path) => boolean,
): Node {
  if (existing === undefined) throw notThere(tree, path, item, takes);
  if (existing.kind !== 'list') {
    throw refuse(item, 'E_CONFIG_TYPE', `Could not extend '${item.override.key}'. It is not a list.`, []);
  }
  const added = items.map((value) => fromPlain(plainValue(value), item.place));
  const list: Node = {
    ...existing,
    items: [...existing.items, ...added],
    place: item.place,
    replaced: existing,
  };
  return withNode(tree, path, list);
}

function refuse(item: PlacedOverride, code: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code, message, place: formatPlace(item.place), hints: hints.slice(0, 3) });
}

export function placeOfPath(root: Node, path: Path): string {
  return formatPlace(nearestNode(root, path).place);
}
