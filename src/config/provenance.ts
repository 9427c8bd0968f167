import { formatPath, formatPlace, type Node, type Plain, toPlain, visitLeaves } from './tree.js';

/** A value and where it was written. */
export interface Origin {
  readonly value: Plain;
  readonly place: string;
}
/** For each key: what it is, and what it replaced, latest first. */
export type Provenance = Readonly<Record<string, Origin & { readonly replaced: readonly Origin[] }>>;

/** The origin of every leaf of a tree. */
export function traceLeaves(root: Node): Provenance {
  const traced: [string, Origin & { replaced: readonly Origin[] }][] = [];
  visitLeaves(root, (path, leaf) => {
    const [origin, ...replaced] = listOrigins(leaf);
    traced.push([formatPath(path), { ...(origin as Origin), replaced }]);
  });
  return Object.fromEntries(traced);
}

/** What a node is and what it replaced, latest first. */
export function listOrigins(node: Node): Origin[] {
  const origins: Origin[] = [];
  for (let current: Node | undefined = node; current !== undefined; current = current.replaced) {
    origins.push({ value: toPlain(current), place: formatPlace(current.place) });
  }
  return origins;
}
