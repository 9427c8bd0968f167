import type { Choice, ConfigEntry, GroupEntry } from './entries.js';

/** A defaults entry seen from the file that contains it: groups and packages are relative to that. */
export interface Located {
  readonly entry: ConfigEntry | GroupEntry;
  /** Group path and package of the containing config. */
  readonly base: string;
  readonly container: string;
  /** What the entry chooses, once overrides and interpolations are applied. */
  readonly choice: Choice;
  /** The package that the chosen file names in its first line. */
  readonly header: string | undefined;
}

export function locate(entry: ConfigEntry | GroupEntry, base: string, container: string): Located {
  const choice = entry.kind === 'group' ? entry.choice : baseName(entry.path);
  return { entry, base, container, choice, header: undefined };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folderName(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function join(base: string, path: string): string {
  return base === '' ? path : path === '' ? base : `${base}/${path}`;
}

export function groupPath({ entry, base }: Located): string {
  const own = entry.kind === 'group' ? entry.group : folderName(entry.path);
  const written = entry.kind === 'group' ? entry.group : entry.path;
  if (written.startsWith('/')) return own.replace(/^\//, '');
  return entry.kind === 'group' && entry.appended ? own : join(base, own);
}

/** Path of the chosen config in the search path. */
export function configPath(located: Located): string {
  return join(groupPath(located), String(located.choice));
}

/** Where the content lands: `@package` of the entry, else of the file's first line, else the group's path. */
export function finalPackage(located: Located, useHeader = true): string {
  const { entry, container, header } = located;
  const own = entry.kind === 'group' ? entry.group : folderName(entry.path);
  const written = entryPackage(located) ?? (useHeader ? absolute(header) : undefined);
  const relative = written ?? own.replace(/^\//, '').replaceAll('/', '.');
  const full = container === '' ? relative : relative === '' ? container : `${container}.${relative}`;
  const global = full.lastIndexOf('_global_');
  return global < 0 ? full : full.slice(global + '_global_'.length + 1);
}

function absolute(header: string | undefined): string | undefined {
  if (header === undefined || header === '_global_' || header.startsWith('_global_.')) return header;
  return header === '' ? '_global_' : `_global_.${header}`;
}

function entryPackage(located: Located): string | undefined {
  const written = located.entry.package;
  if (written === '_here_') return '';
  if (written?.includes('_group_') !== true) return written;
  return `_global_.${written.replace('_group_', groupPath(located).replaceAll('/', '.'))}`;
}

/** What the command line calls the entry: `training/optimizer`, `dataset@train`. */
export function overrideKey(located: Located): string {
  const group = groupPath(located);
  const target = finalPackage(located, false);
  if (target === group.replaceAll('/', '.')) return group;
  return `${group}@${target === '' ? '_global_' : target}`;
}
