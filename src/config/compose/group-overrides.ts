import { HeldoutError } from '../../core/errors.js';
import type { PlacedOverride } from '../overrides/apply.js';
import { printTarget, printValue } from '../overrides/printer.js';
import type { Override, Value } from '../overrides/value.js';
import { listNames, suggest } from '../suggestions.js';
import { mapTogether } from '../together.js';
import { formatPlace } from '../tree.js';
import type { Choice, GroupEntry } from './entries.js';
import type { Repository } from './search-path.js';

/** A choice for a group, and who made it. */
export interface ChosenOption {
  readonly choice: Choice;
  readonly place: string;
  /** The config that contains `override group: option`; absent when it was typed. */
  readonly config?: string;
  used: boolean;
}

/** The command line, sorted into what edits the defaults list and what edits values. */
export interface SortedOverrides {
  readonly choices: Map<string, ChosenOption>;
  readonly deletions: Map<
    string,
    { readonly option: string | undefined; readonly place: string; used: boolean }
  >;
  readonly appended: readonly GroupEntry[];
  readonly values: readonly PlacedOverride[];
}

export function sortOverrides(overrides: readonly PlacedOverride[], repository: Repository): SortedOverrides {
  const sorted = {
    choices: new Map<string, ChosenOption>(),
    deletions: new Map<string, { option: string | undefined; place: string; used: boolean }>(),
    appended: [] as GroupEntry[],
    values: [] as PlacedOverride[],
  };
  mapTogether(overrides, (item) => {
    const { override } = item;
    const place = formatPlace(item.place);
    if (!isGroupOverride(override, repository)) {
      refuseUnknownGroup(override, place, repository);
      sorted.values.push(item);
      return;
    }
    const target = printTarget(override);
    if (override.operation === 'force-add') {
      throw refuse(place, `'++' is not for config groups: '${target}'`, [
        `type +${target}=OPTION or ${target}=OPTION`,
      ]);
    }
    const choice = override.value === undefined ? undefined : readChoice(override.value, target, place);
    if (override.operation === 'delete') {
      sorted.deletions.set(target, { option: choice?.toString(), place, used: false });
    } else if (override.operation === 'add') {
      sorted.appended.push(appendedEntry(override, choice ?? null, place));
    } else {
      sorted.choices.set(target, { choice: choice ?? null, place, used: false });
    }
  });
  return sorted;
}

/** Whether an override names a group: a map is always a value. */
export function isGroupOverride(override: Override, repository: Repository): boolean {
  return override.value?.type !== 'map' && repository.groupExists(override.key);
}

function appendedEntry(override: Override, choice: Choice, place: string): GroupEntry {
  const { key: group, package: packageName } = override;
  const flags = { optional: false, override: false, appended: true };
  return { kind: 'group', group, package: packageName, choice, ...flags, place };
}

function refuse(place: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_DEFAULTS', message, place, hints });
}

function readChoice(value: Value, target: string, place: string): Choice {
  if (value.type === 'null') return null;
  if (value.type === 'list') return value.items.map((item) => String(readChoice(item, target, place)));
  if (value.type === 'string') return value.value.replace(/\.yaml$/, '');
  if (value.type === 'integer' || value.type === 'float') return printValue(value);
  throw refuse(place, `the option of the group '${target}' must be a name or a list of names`, []);
}

function refuseUnknownGroup(
  { key, package: packageName }: Override,
  place: string,
  repository: Repository,
): void {
  if (packageName === undefined && !key.includes('/')) return;
  const groups = allGroups(repository);
  const text = packageName === undefined ? key : `${key}@${packageName}`;
  throw new HeldoutError({
    code: 'E_CONFIG_UNKNOWN_GROUP',
    message: `Override ${text} looks like a config group override, but config group '${key}' does not exist.`,
    place,
    hints: [...suggest(key, groups), `groups are ${listNames(groups)}`],
  });
}

/** Every group that the search path has, in full, sorted. */
export function allGroups(repository: Repository, group = ''): string[] {
  return repository.subgroups(group).flatMap((name) => [name, ...allGroups(repository, name)]);
}
