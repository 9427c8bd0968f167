import { HeldoutError } from '../core/errors.js';
import { composeFiles, type FileComposition } from './compose/compose.js';
import type { Defaults } from './compose/defaults-tree.js';
import type { Choice } from './compose/entries.js';
import { mergeNodes } from './compose/merge.js';
import type { Primary } from './compose/primary.js';
import { type Resolved, resolveTree } from './interpolate/resolve.js';
import { applyOverrides, type PlacedOverride } from './overrides/apply.js';
import { fillDefaults } from './schema/fill.js';
import { configSchema, type ExperimentConfig, isAlternative } from './schema/root.js';
import { schemaAt, validateResolved } from './schema/validate.js';
import type { Settings } from './settings.js';
import { together } from './together.js';
import { emptyMap, formatPlace, type MapNode, type Plain, SCHEMA_PLACE, toPlain } from './tree.js';

/** What all compositions of one command share. */
export interface Session extends Primary {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Compositions of files by the options chosen, and the same with defaults filled in. */
  readonly known: Map<string, Omit<FileComposition, 'values'>>;
  readonly filled: WeakMap<MapNode, MapNode>;
}

/** A composed config: interpolations stand as written. */
export interface Composition {
  readonly session: Session;
  readonly tree: MapNode;
  readonly defaults: Defaults;
  /** Final option of every group, by override key: `training/optimizer`. */
  readonly choices: Readonly<Record<string, Plain>>;
  readonly overrides: readonly PlacedOverride[];
}

/** Lays files, schema defaults and value overrides on each other, in that order. */
export function compose(session: Session, overrides: readonly PlacedOverride[]): Composition {
  const { defaults, tree, values } = composeFiles(session.repository, session.name, overrides, session.known);
  refuseSeveral(defaults, overrides);
  const closed = session.filled.get(tree) ?? fillFiles(session, tree);
  session.filled.set(tree, closed);
  const changed = applyOverrides(closed, values, (path) => schemaAt(path, toPlain(closed)) !== undefined);
  const filled = values.some(mayOpen) ? fillDefaults(configSchema, changed) : changed;
  return { session, tree: filled, defaults, choices: plainChoices(defaults.choices), overrides };
}

/** Options of a group that are alternatives cannot be laid on each other. */
function refuseSeveral({ choices }: Defaults, overrides: readonly PlacedOverride[]): void {
  for (const [group, choice] of choices) {
    if (!Array.isArray(choice) || choice.length < 2 || !isAlternative(group)) continue;
    const typed = overrides.findLast(({ override }) => override.key === group);
    throw new HeldoutError({
      code: 'E_CONFIG_VALUE',
      message: `'${group}' takes one option, not [${choice.join(', ')}]`,
      ...(typed === undefined ? {} : { place: formatPlace(typed.place) }),
      hints: [`to run each of them type ${group}=${choice.join(',')} --multirun`],
    });
  }
}

function fillFiles({ settings }: Session, tree: MapNode): MapNode {
  return fillDefaults(configSchema, mergeNodes(projectPaths(settings), tree) as MapNode);
}

/** Whether an override may ask for defaults that were not asked for before: a new section, or another `name`. */
function mayOpen({ override }: PlacedOverride): boolean {
  return (
    override.operation !== 'change' ||
    override.value?.type === 'map' ||
    /(?:^|\.)(?:name|rule)$/.test(override.key)
  );
}

function projectPaths({ data, results }: Settings): MapNode {
  const paths: MapNode = {
    ...emptyMap(SCHEMA_PLACE),
    entries: new Map([
      ['data', data],
      ['results', results],
    ]),
  };
  return { ...emptyMap(SCHEMA_PLACE), entries: new Map([['paths', paths]]) };
}

function plainChoices(choices: ReadonlyMap<string, Choice>): Readonly<Record<string, Plain>> {
  return Object.fromEntries(choices);
}

/** Replaces the interpolations. */
export function resolve({ session, tree, choices }: Composition): Resolved {
  return resolveTree(tree, { env: session.env, choices });
}

/** Resolves and checks a composition. Throws all errors at once. */
export function validate(composition: Composition, resolved = resolve(composition)): ExperimentConfig {
  const { config, errors } = validateResolved(composition.tree, resolved);
  if (config === undefined) throw together(errors);
  return config;
}
