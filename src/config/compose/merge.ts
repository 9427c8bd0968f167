import { emptyMap, isMissing, type MapNode, type Node, type Path } from '../tree.js';

/**
 * Lays `over` on `base`: maps merge, everything else replaces and remembers what it replaced. A `???`
 * never overwrites.
 */
export function mergeNodes(base: Node, over: Node): Node {
  if (isMissing(over)) return base;
  if (base.kind !== 'map' || over.kind !== 'map') return { ...over, replaced: base };
  return mergeMaps(base, over);
}

export function mergeMaps(base: MapNode, over: MapNode): MapNode {
  const entries = new Map(base.entries);
  for (const [key, node] of over.entries) {
    const existing = entries.get(key);
    entries.set(key, existing === undefined ? node : mergeNodes(existing, node));
  }
  return { ...base, entries };
}

/** The map with `node` as its only content, at `path`. */
export function wrapAt(path: Path, node: MapNode): MapNode {
  return path.reduceRight<MapNode>(
    (inner, key) => ({ ...emptyMap(node.place), entries: new Map([[String(key), inner]]) }),
    node,
  );
}
