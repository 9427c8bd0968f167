import type * as z from 'zod';
import { HeldoutError } from '../../core/errors.js';
import type { Resolved } from '../interpolate/resolve.js';
import { listNames, nearestNames } from '../suggestions.js';
import {
  formatPath,
  formatPlace,
  type MapNode,
  MISSING,
  nearestNode,
  type Path,
  type Plain,
  parsePath,
} from '../tree.js';
import { definitionOf, shapeFor, unwrap } from './inspect.js';
import { checkTogether, configSchema, type ExperimentConfig } from './root.js';

export type Validation =
  | { readonly config: ExperimentConfig; readonly errors: readonly [] }
  | { readonly config: undefined; readonly errors: readonly HeldoutError[] };

type Issue = z.core.$ZodIssue;

/** Checks a resolved tree: all errors at once, each with the place that wrote the value. */
export function validateResolved(tree: MapNode, resolved: Resolved): Validation {
  const errors: HeldoutError[] = resolved.errors.map(({ error }) => error);
  const excused = resolved.errors.map(({ path }) => formatPath(path));
  for (const path of findMissing(resolved.value, [])) {
    const key = formatPath(path);
    if (excused.includes(key)) continue;
    excused.push(key);
    errors.push(
      failure(tree, path, 'E_CONFIG_MISSING', `Missing mandatory value: ${key}`, [`type ${key}=VALUE`]),
    );
  }
  const parsed = configSchema.safeParse(resolved.value);
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
    if (excused.some((key) => key === formatPath(path) || key.startsWith(`${formatPath(path)}.`))) continue;
    errors.push(...explainIssue(tree, resolved.value, issue, path));
  }
  if (parsed.success && errors.length === 0) {
    for (const { path, message, hint } of checkTogether(parsed.data)) {
      errors.push(failure(tree, path, 'E_CONFIG_VALUE', `${formatPath(path)}: ${message}`, [hint]));
    }
    if (errors.length === 0) return { config: parsed.data, errors: [] };
  }
  return { config: undefined, errors };
}

function findMissing(value: Plain, path: Path): Path[] {
  if (value === MISSING) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => findMissing(item as Plain, [...path, key]));
}

function failure(
  tree: MapNode,
  path: Path,
  code: string,
  message: string,
  hints: readonly string[],
): HeldoutError {
  const { place } = nearestNode(tree, path);
  return new HeldoutError({
    code,
    message,
    // That a value is missing was written nowhere.
    ...(place.kind === 'schema' ? {} : { place: formatPlace(place) }),
    hints: hints.slice(0, 3),
  });
}

function explainIssue(tree: MapNode, root: Plain, issue: Issue, path: Path): HeldoutError[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(shapeAt(path, root) ?? {});
    return issue.keys.map((key) => unknownKey(tree, [...path, key], known));
  }
  const value = valueAt(root, path);
  const key = formatPath(path);
  const hints = suggestValues(issue, value);
  const help = schemaAt(path, root)?.description;
  if (help !== undefined) hints.push(`${key}: ${help}`);
  if (value === undefined) {
    const ways = path.length === 1 ? ["let its defaults list begin with '- config', or"] : [];
    return [
      failure(tree, path, 'E_CONFIG_MISSING', `Missing mandatory value: ${key}`, [
        [...ways, `type +${key}=VALUE`].join(' '),
        ...hints,
      ]),
    ];
  }
  const message = `${key} ${expectation(issue, schemaAt(path, root))}, not ${typeof value === 'number' ? value : JSON.stringify(value)}`;
  return [failure(tree, path, 'E_CONFIG_VALUE', message, hints)];
}

function unknownKey(tree: MapNode, path: Path, known: readonly string[]): HeldoutError {
  const section = formatPath(path.slice(0, -1));
  const near = nearestNames(String(path.at(-1)), known);
  const hints = near.length > 0 ? [`did you mean '${near[0]}'?`] : suggestElsewhere(path);
  hints.push(`keys ${path.length > 1 ? `of ${section}` : 'at the top'} are ${listNames(known, 20)}`);
  return failure(tree, path, 'E_CONFIG_UNKNOWN_KEY', `there is no key '${formatPath(path)}'`, hints);
}

/** A key of that name in another section: `learning_rate` at the root is `training.optimizer.learning_rate`. */
function suggestElsewhere(path: Path): string[] {
  const name = String(path.at(-1));
  const here = formatPath(path);
  const found = listKeys(configSchema, []).filter((key) => key.at(-1) === name && formatPath(key) !== here);
  return found.slice(0, 1).map((key) => `did you mean '${formatPath(key)}'?`);
}

function listKeys(schema: z.ZodType, path: readonly string[]): string[][] {
  const { shape, options } = definitionOf(unwrap(schema));
  if (options !== undefined) return options.flatMap((option) => listKeys(option, path));
  return Object.entries(shape ?? {}).flatMap(([key, field]) => [
    [...path, key],
    ...listKeys(field, [...path, key]),
  ]);
}

function valueAt(root: Plain, path: Path): unknown {
  let value: unknown = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[String(key)];
  }
  return value;
}

/** The schema of a key, given the values that choose among unions. */
export function schemaAt(path: Path, root: Plain): z.ZodType | undefined {
  let schema: z.ZodType | undefined = configSchema;
  for (const [index, key] of path.entries()) {
    const inner = definitionOf(unwrap(schema));
    const at = path.slice(0, index);
    schema =
      shapeFor(schema, (name) => valueAt(root, [...at, name]))?.[String(key)] ??
      inner.valueType ??
      inner.element;
    if (schema === undefined) return undefined;
  }
  return schema;
}

function shapeAt(path: Path, root: Plain): Readonly<Record<string, z.ZodType>> | undefined {
  const schema = schemaAt(path, root);
  return schema === undefined ? undefined : shapeFor(schema, (name) => valueAt(root, [...path, name]));
}

/** Help text of a key such as `training.steps`, if the schema has it. */
export function describeKey(key: string, root: Plain): string | undefined {
  return schemaAt(parsePath(key), root)?.description;
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys',
  record: 'a section with keys',
};

function expectation(issue: Issue, schema: z.ZodType | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      if (schema !== undefined && definitionOf(unwrap(schema)).format === 'safeint')
        return 'must be a whole number';
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'too_small':
      return limit(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return limit(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_union':
      return discriminators(issue) ?? issue.message;
    default:
      return issue.message;
  }
}

function limit(origin: string, comparison: string, bound: number | bigint): string {
  if (origin === 'array') return `must have ${comparison} ${bound} ${Number(bound) === 1 ? 'item' : 'items'}`;
  return origin === 'string'
    ? `must have ${comparison} ${bound} characters`
    : `must be ${comparison} ${bound}`;
}

function optionsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  const { options } = issue as { options?: readonly unknown[] };
  return (options ?? []).map(String);
}

function oneOf(names: readonly string[]): string {
  return `must be ${names.length > 1 ? 'one of ' : ''}${listNames(names)}`;
}

function discriminators(issue: Issue): string | undefined {
  const options = optionsOf(issue);
  return options.length === 0 ? undefined : oneOf(options);
}

function suggestValues(issue: Issue, value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return nearestNames(value, optionsOf(issue), 1).map((name) => `did you mean '${name}'?`);
}
