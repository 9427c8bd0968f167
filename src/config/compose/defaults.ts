import {
  defaultsError,
  notFoundError,
  refuseCycle,
  unchosenError,
  unresolvedError,
} from './defaults-errors.js';
import { type Defaults, type DefaultsNode, listRows, refuseDuplicates } from './defaults-tree.js';
import type { Choice, Entry, GroupEntry } from './entries.js';
import type { SortedOverrides } from './group-overrides.js';
import { configPath, finalPackage, groupPath, type Located, locate, overrideKey } from './packages.js';
import type { ConfigFile, Repository } from './search-path.js';

interface State {
  readonly repository: Repository;
  readonly sorted: SortedOverrides;
  /** Names that `${group}` may use: a group with one option. */
  readonly known: Map<string, string | null>;
  readonly choices: Map<string, Choice>;
  readonly pending: DefaultsNode[];
  readonly seen: Map<string, Set<string>>;
}

/**
 * Walks the defaults lists from the primary config down, in Hydra's order: later entries are walked
 * first, so that the last `override` of a group wins; entries that name `${group}` wait for the rest.
 */
export function buildDefaults(repository: Repository, primary: string, sorted: SortedOverrides): Defaults {
  const state: State = {
    repository,
    sorted: { ...sorted, choices: new Map(sorted.choices) },
    known: new Map(),
    choices: new Map(),
    pending: [],
    seen: new Map(),
  };
  const entry = {
    kind: 'config',
    path: `/${primary}`,
    package: undefined,
    optional: false,
    place: '',
  } as const;
  const root = makeNode(locate(entry, '', ''), undefined, '');
  expand(state, root, false);
  expandPending(state);
  const rows = listRows(root);
  refuseDuplicates(rows.nodes);
  refuseUnused(state);
  return { tree: root, rows: rows.rows, choices: new Map([...state.choices].toSorted(byKey)) };
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function makeNode(located: Located, parent: DefaultsNode | undefined, place: string): DefaultsNode {
  return { located, file: undefined, children: undefined, removed: false, parent, place };
}

function expand(state: State, node: DefaultsNode, interpolated: boolean): void {
  const { repository, sorted } = state;
  const { entry } = node.located;
  if (entry.kind === 'group' && isDeleted(state, node)) {
    node.removed = true;
    return;
  }
  recordChoice(state, node);
  if (node.located.choice === null) return;
  if (node.located.choice === '???') throw unchosenError(repository, node);
  refuseCycle(node);
  const file = repository.load(configPath(node.located), node.place === '' ? undefined : node.place);
  if (file === undefined) {
    if (!entry.optional) throw notFoundError(repository, node);
    node.removed = true;
    return;
  }
  node.file = file;
  node.located = { ...node.located, header: file.header };
  const appended = node.parent === undefined ? sorted.appended : [];
  const entries = addSelf([...file.defaults], file, appended.length > 0);
  expandEntries(state, node, [...entries, ...appended], interpolated);
}

/** Without `_self_` a file's own values come last. */
function addSelf(entries: Entry[], file: ConfigFile, forced: boolean): Entry[] {
  const selves = entries.filter((entry) => entry.kind === 'self');
  if (selves[1] !== undefined) {
    throw defaultsError(`Duplicate _self_ defined in ${file.path}`, selves[1].place, ["keep one '- _self_'"]);
  }
  const composes = entries.some((entry) => entry.kind !== 'group' || !entry.override);
  if (selves.length === 0 && (composes || forced)) {
    entries.push({ kind: 'self', place: file.file });
  }
  return entries;
}

function expandEntries(
  state: State,
  node: DefaultsNode,
  entries: readonly Entry[],
  interpolated: boolean,
): void {
  const base = groupPath(node.located);
  const container = finalPackage(node.located);
  collectOverrides(state, node, entries, interpolated);
  const children: (DefaultsNode | 'self')[] = [];
  for (const entry of entries.toReversed()) {
    if (entry.kind === 'self') {
      children.push('self');
      continue;
    }
    if (entry.kind === 'group' && entry.override) continue;
    const child = makeNode(locate(entry, base, container), node, entry.place);
    useOverride(state, child);
    const { choice } = child.located;
    if (typeof choice === 'object' && choice !== null) {
      state.choices.set(overrideKey(child.located), choice);
      for (const option of choice.toReversed()) {
        const single = makeNode(locateOption(child.located, option), node, child.place);
        children.push(single);
        expand(state, single, interpolated);
      }
      continue;
    }
    children.push(child);
    if (isInterpolated(child.located)) state.pending.push(child);
    else expand(state, child, interpolated);
  }
  if (children.length > 0) node.children = children.toReversed();
}

/** One of several options of a group is a plain config of that group: it has no override key of its own. */
function locateOption(located: Located, option: string): Located {
  const entry = located.entry as GroupEntry;
  const group = entry.appended && !entry.group.startsWith('/') ? `/${entry.group}` : entry.group;
  const path = `${group}/${option}`;
  const { package: packageName, optional, place } = entry;
  if (option.includes('${')) throw defaultsError('a list of options cannot hold interpolations', place, []);
  return locate(
    { kind: 'config', path, package: packageName, optional, place },
    located.base,
    located.container,
  );
}

function collectOverrides(
  state: State,
  node: DefaultsNode,
  entries: readonly Entry[],
  interpolated: boolean,
): void {
  const base = groupPath(node.located);
  const container = finalPackage(node.located);
  const path = configPath(node.located);
  let seen: GroupEntry | undefined;
  // The last override of a list wins, and a choice that is already made stays.
  for (const entry of entries) {
    if (entry.kind === 'group' && entry.override) seen = entry;
    else if (seen !== undefined && entry.kind !== 'self' && !(entry.kind === 'group' && entry.appended)) {
      throw defaultsError(
        `In ${path}: Override '${seen.group}: ${seen.choice}' is defined before another entry. Overrides must be at the end of the defaults list`,
        seen.place,
        ['move the override lines to the end of the list'],
      );
    }
  }
  for (const entry of entries.toReversed()) {
    if (entry.kind !== 'group' || !entry.override) continue;
    if (interpolated) {
      const text = `${entry.group}: ${entry.choice}`;
      throw defaultsError(
        `${path}: Default List Overrides are not allowed in the subtree of an interpolated config group (override ${text})`,
        entry.place,
        [],
      );
    }
    const key = overrideKey(locate(entry, base, container));
    if (state.sorted.choices.has(key)) continue;
    state.sorted.choices.set(key, { choice: entry.choice, place: entry.place, config: path, used: false });
  }
}

function useOverride(state: State, node: DefaultsNode): void {
  if (node.located.entry.kind !== 'group') return;
  const chosen = state.sorted.choices.get(overrideKey(node.located));
  if (chosen === undefined) return;
  chosen.used = true;
  node.located = { ...node.located, choice: chosen.choice };
  node.place = chosen.place;
}

function isDeleted(state: State, { located }: DefaultsNode): boolean {
  const deletion = state.sorted.deletions.get(overrideKey(located));
  if (deletion === undefined) return false;
  if (deletion.option !== undefined && deletion.option !== String(located.choice)) return false;
  deletion.used = true;
  return true;
}

function recordChoice(state: State, { located, place }: DefaultsNode): void {
  if (located.entry.kind !== 'group') return;
  const key = overrideKey(located);
  const choice = located.choice as string | null;
  const previous = state.known.get(key);
  if (previous !== undefined && previous !== choice) {
    const hints =
      state.sorted.appended.length > 0 ? [`to choose another option type ${key}=OPTION, without the +`] : [];
    throw defaultsError(
      `Multiple values for ${key}. To override a value use 'override ${key}: ${previous}'`,
      place,
      hints,
    );
  }
  state.known.set(key, choice);
  state.choices.set(key, choice);
  const group = groupPath(located);
  state.seen.set(group, (state.seen.get(group) ?? new Set()).add(key));
}

function isInterpolated({ entry, choice }: Located): boolean {
  return entry.kind === 'config'
    ? entry.path.includes('${')
    : typeof choice === 'string' && choice.includes('${');
}

/** Expands `${group}` entries once the groups that they name are chosen. */
function expandPending(state: State): void {
  while (state.pending.length > 0) {
    const waiting = state.pending.splice(0).filter((node) => !removeUnchosen(state, node));
    const ready = waiting.filter((node) => substitute(state, writtenChoice(node.located)) !== undefined);
    const [stuck] = waiting;
    if (ready.length === 0 && stuck !== undefined)
      throw unresolvedError(stuck, writtenChoice(stuck.located), state.known.keys());
    for (const node of waiting) {
      if (!ready.includes(node)) state.pending.push(node);
      else {
        node.located = resolveEntry(state, node.located);
        expand(state, node, true);
      }
    }
  }
}

/** An optional entry that follows a group of which no option is chosen is left away. */
function removeUnchosen({ known }: State, node: DefaultsNode): boolean {
  const names = [...writtenChoice(node.located).matchAll(/\$\{\s*([^{}]*?)\s*\}/g)].map(([, name]) => name!);
  if (!node.located.entry.optional || names.every((name) => known.get(name) !== null)) return false;
  node.removed = true;
  return true;
}

function writtenChoice({ entry, choice }: Located): string {
  return entry.kind === 'config' ? entry.path : String(choice);
}

function resolveEntry(state: State, located: Located): Located {
  const { entry } = located;
  const text = substitute(state, writtenChoice(located)) as string;
  if (entry.kind === 'group') return { ...located, choice: text };
  return locate({ ...entry, path: text }, located.base, located.container);
}

function substitute(state: State, text: string): string | undefined {
  const replaced = text.replaceAll(
    /\$\{\s*([^{}]*?)\s*\}/g,
    (whole, key: string) => state.known.get(key) ?? whole,
  );
  return replaced.includes('${') ? undefined : replaced;
}

function refuseUnused(state: State): void {
  for (const [key, chosen] of state.sorted.choices) {
    if (chosen.used) continue;
    const others = [...(state.seen.get(key.split('@')[0] as string) ?? [])].toSorted();
    const where = chosen.config === undefined ? '' : `In '${chosen.config}': `;
    const hints: string[] = [];
    if (others.length > 0) {
      hints.push(`Did you mean to override ${others.length > 1 ? 'one of ' : ''}${others.join(', ')}?`);
    }
    if (chosen.config === undefined)
      hints.push(`To append to your default list use +${key}=${chosen.choice}`);
    const reason = others.length > 0 ? '' : ' No match in the defaults list.';
    throw defaultsError(`${where}Could not override '${key}'.${reason}`, chosen.place, hints);
  }
  for (const [key, deletion] of state.sorted.deletions) {
    if (deletion.used) continue;
    const text = deletion.option === undefined ? key : `${key}=${deletion.option}`;
    throw defaultsError(`Could not delete '${text}'. No match in the defaults list`, deletion.place, []);
  }
}
