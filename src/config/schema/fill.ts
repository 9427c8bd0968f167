import type * as z from 'zod';
import { fromPlain, type MapNode, type Node, SCHEMA_PLACE } from '../tree.js';
import { definitionOf, shapeFor } from './inspect.js';

/** Adds the schema's defaults where a tree says nothing. What the schema does not know stays as it is. */
export function fillDefaults(schema: z.ZodType, root: MapNode): MapNode {
  return fillMap(schema, root);
}

function fillNode(schema: z.ZodType, node: Node | undefined): Node | undefined {
  const value = node ?? defaultOf(schema);
  return value?.kind === 'map' ? fillMap(schema, value) : value;
}

function defaultOf(schema: z.ZodType): Node | undefined {
  const { type, defaultValue, innerType } = definitionOf(schema);
  if (type === 'default' || type === 'prefault') return fromPlain(defaultValue, SCHEMA_PLACE);
  return innerType === undefined || type === 'optional' ? undefined : defaultOf(innerType);
}

function fillMap(schema: z.ZodType, node: MapNode): MapNode {
  const shape = shapeFor(schema, (key) => {
    const chosen = node.entries.get(key);
    return chosen?.kind === 'scalar' ? chosen.value : undefined;
  });
  if (shape === undefined) return node;
  const entries = new Map(node.entries);
  for (const [key, field] of Object.entries(shape)) {
    const filled = fillNode(field, entries.get(key));
    if (filled !== undefined) entries.set(key, filled);
  }
  return { ...node, entries };
}
