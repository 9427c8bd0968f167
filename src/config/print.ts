import { stringify } from 'yaml';
import { HeldoutError } from '../core/errors.js';
import { type Composition, resolve } from './composition.js';
import { suggestPath } from './overrides/apply.js';
import { emptyMap, nodeAt, type Plain, parsePath, SCHEMA_PLACE, toPlain, withNode } from './tree.js';

/** A value as YAML, numbers and strings kept apart. */
export function formatYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

/**
 * The config as YAML (`--cfg job`): of a subtree (`--package`) with its `# @package` line, with
 * interpolations resolved (`--resolve`).
 */
export function formatConfig(
  composition: Composition,
  options: { readonly package?: string; readonly resolve?: boolean } = {},
): string {
  const { tree } = composition;
  const packageName = options.package === '_global_' ? undefined : options.package;
  const path = parsePath(packageName ?? '');
  if (nodeAt(tree, path) === undefined) {
    throw new HeldoutError({
      code: 'E_CONFIG_UNKNOWN_KEY',
      message: `Package '${packageName}' not found`,
      place: '--package',
      hints: suggestPath(tree, path).map((near) => `did you mean ${near}?`),
    });
  }
  const root: Plain = options.resolve === true ? resolveAll(composition) : toPlain(tree);
  let value: Plain | undefined = root;
  for (const key of path) value = (value as { readonly [key: string]: Plain })[key];
  const wrapped = typeof value === 'object' && value !== null ? value : nest(path, value as Plain);
  return `${packageName === undefined ? '' : `# @package ${packageName}\n`}${formatYaml(wrapped)}`;
}

/** A single value cannot be a config: it is shown with its key. */
function nest(path: readonly string[], value: Plain): Plain {
  const key = path.at(-1) as string;
  const node = { kind: 'scalar', value: value as string, place: SCHEMA_PLACE } as const;
  return toPlain(withNode(emptyMap(SCHEMA_PLACE), [key], node));
}

function resolveAll(composition: Composition): Plain {
  const { value, errors } = resolve(composition);
  if (errors[0] !== undefined) throw errors[0].error;
  return value;
}
