/** Where a value was written. */
export type Place =
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'argument'; readonly number: number; readonly text: string }
  | { readonly kind: 'schema' }
  /** Set by the program for each job of a multirun. */
  | { readonly kind: 'job' };

export type Scalar = null | boolean | number | string;

interface NodeBase {
  readonly place: Place;
  /** The node that this one replaced: following it gives every earlier value, latest first. */
  readonly replaced?: Node;
}
export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: Scalar;
}
export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly Node[];
}
export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Node>;
}
/** A config value that knows where it comes from. Never changed in place, so that trees share parts. */
export type Node = ScalarNode | ListNode | MapNode;

export type Plain = Scalar | readonly Plain[] | { readonly [key: string]: Plain };
export type Path = readonly (string | number)[];

export const SCHEMA_PLACE: Place = { kind: 'schema' };
export const MISSING = '???';

export function isMissing(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === MISSING;
}

export function emptyMap(place: Place): MapNode {
  return { kind: 'map', entries: new Map(), place };
}

/** `configs/model/cnn.yaml:7:5`, `command line, argument 3`, `schema default`. */
export function formatPlace(place: Place): string {
  if (place.kind === 'file') return `${place.file}:${place.line}:${place.column}`;
  if (place.kind === 'argument') return `command line, argument ${place.number}`;
  return place.kind === 'schema' ? 'schema default' : 'set for each job of a multirun';
}

export function toPlain(node: Node): Plain {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  return Object.fromEntries([...node.entries].map(([key, child]) => [key, toPlain(child)]));
}

export function fromPlain(value: unknown, place: Place): Node {
  if (Array.isArray(value))
    return { kind: 'list', items: value.map((item) => fromPlain(item, place)), place };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, fromPlain(item, place)] as const);
    return { kind: 'map', entries: new Map(entries), place };
  }
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
  ) {
    return { kind: 'scalar', value, place };
  }
  throw new TypeError(`a config has no ${typeof value}`);
}

export function childOf(node: Node, key: string | number): Node | undefined {
  if (node.kind === 'map') return node.entries.get(String(key));
  if (node.kind !== 'list' || !/^\d+$/.test(String(key))) return undefined;
  return node.items[Number(key)];
}

export function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const key of path) {
    if (node === undefined) return undefined;
    node = childOf(node, key);
  }
  return node;
}

/** The node at a path, or the nearest one above it: the place to name when something is missing. */
export function nearestNode(root: Node, path: Path): Node {
  let node = root;
  for (const key of path) {
    const next = childOf(node, key);
    if (next === undefined) break;
    node = next;
  }
  return node;
}

/** `training.optimizer.learning_rate`, `model.widths.0`; the empty path is `(root)`. */
export function formatPath(path: Path): string {
  return path.length === 0 ? '(root)' : path.join('.');
}

export function parsePath(key: string): string[] {
  return key === '' ? [] : key.split('.');
}

/** A new tree with the node at `path` put in place; maps that are missing on the way are made. */
export function withNode(root: Node, path: Path, node: Node): Node {
  const [key, ...rest] = path;
  if (key === undefined) return node;
  if (root.kind === 'list') {
    const items = root.items.map((item, index) =>
      index === Number(key) ? withNode(item, rest, node) : item,
    );
    return { ...root, items, place: node.place, replaced: root };
  }
  const base: MapNode = root.kind === 'map' ? root : { ...emptyMap(node.place), replaced: root };
  const child = base.entries.get(String(key)) ?? emptyMap(node.place);
  return { ...base, entries: new Map(base.entries).set(String(key), withNode(child, rest, node)) };
}

/** A new tree without the node at `path`. */
export function withoutNode(root: Node, path: Path): Node {
  const [key, ...rest] = path;
  const child = key === undefined ? undefined : childOf(root, key);
  if (key === undefined || child === undefined || root.kind === 'scalar') return root;
  if (root.kind === 'list') {
    const index = Number(key);
    const items =
      rest.length === 0 ? root.items.toSpliced(index, 1) : root.items.with(index, withoutNode(child, rest));
    return { ...root, items, replaced: root };
  }
  const entries = new Map(root.entries);
  if (rest.length === 0) entries.delete(String(key));
  else entries.set(String(key), withoutNode(child, rest));
  return { ...root, entries };
}

/** Calls `visit` for every scalar, list and empty map, in order. Lists are leaves: they are replaced whole. */
export function visitLeaves(node: Node, visit: (path: Path, leaf: Node) => void, path: Path = []): void {
  if (node.kind === 'map' && node.entries.size > 0) {
    for (const [key, child] of node.entries) visitLeaves(child, visit, [...path, key]);
  } else if (path.length > 0) {
    visit(path, node);
  }
}
