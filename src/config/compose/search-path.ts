import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import { errorCode, explainFileError } from '../../core/files/file-errors.js';
import type { MapNode } from '../tree.js';
import { type Entry, splitDefaults } from './entries.js';
import { parseYaml } from './yaml.js';

/** A folder in which configs are looked up. */
export interface SearchRoot {
  /** What put it there: `config`, `--config-dir`, `configs`, `experiments`. */
  readonly provider: string;
  readonly folder: string;
  /** Option NAME of `group` is `NAME/file` in the folder, instead of `group/NAME.yaml`. */
  readonly mount?: { readonly group: string; readonly file: string };
}

/** A config file, its defaults list apart from its own values. */
export interface ConfigFile {
  /** Path in the search path, without extension: `model/cnn`. */
  readonly path: string;
  /** Path on the disk as messages show it. */
  readonly file: string;
  readonly header: string | undefined;
  readonly defaults: readonly Entry[];
  readonly body: MapNode;
}

/** Everything read from the disk so far: a file is read once, so all jobs see the same. */
export interface FileCache {
  readonly files: Map<string, ConfigFile | undefined>;
  readonly folders: Map<string, readonly Dirent[]>;
}

export function createFileCache(): FileCache {
  return { files: new Map(), folders: new Map() };
}

/** The configs of a search path: the first root that has a path wins. */
export interface Repository {
  readonly roots: readonly SearchRoot[];
  /** `asked` is the place that names the path: it stands in the error of a path that leads out. */
  load(path: string, asked?: string): ConfigFile | undefined;
  groupExists(group: string): boolean;
  /** Names of a group's options, sorted. The group '' holds the primary configs. */
  options(group: string): readonly string[];
  /** Groups directly in a group, in full, sorted. */
  subgroups(group: string): readonly string[];
}

export function openRepository(
  roots: readonly SearchRoot[],
  workingFolder: string,
  cache = createFileCache(),
): Repository {
  const realRoots = roots.map((root) => realOrUndefined(root.folder)).filter((path) => path !== undefined);
  const found = new Map<string, ConfigFile | undefined>();

  function load(path: string, asked?: string): ConfigFile | undefined {
    checkConfigPath(path, asked);
    if (found.has(path)) return found.get(path);
    for (const root of roots) {
      for (const file of candidates(root, path)) {
        const config = readConfig(file, path, asked);
        if (config === undefined) continue;
        found.set(path, config);
        return config;
      }
    }
    refuseYml(path, asked);
    found.set(path, undefined);
    return undefined;
  }

  function readConfig(file: string, path: string, asked: string | undefined): ConfigFile | undefined {
    if (cache.files.has(file)) return cache.files.get(file);
    const config = readConfigFile(file, path, showPath(file, workingFolder), (real) => {
      if (realRoots.some((root) => real.startsWith(root.endsWith(sep) ? root : root + sep))) return;
      throw new HeldoutError({
        code: 'E_CONFIG_OUTSIDE',
        message: `'${path}' is a link that leads out of the config search path, to ${real}`,
        ...(asked === undefined ? {} : { place: asked }),
        hints: ['copy the file into configs/, or add its folder with --config-dir FOLDER'],
      });
    });
    cache.files.set(file, config);
    return config;
  }

  function refuseYml(path: string, asked: string | undefined): void {
    for (const root of roots) {
      const file = join(root.folder, `${path}.yml`);
      if (!existsSync(file)) continue;
      throw new HeldoutError({
        code: 'E_CONFIG_YML',
        message: `configs end in .yaml, so ${showPath(file, workingFolder)} is not read`,
        ...(asked === undefined ? {} : { place: asked }),
        hints: [`rename it to ${path.split('/').at(-1)}.yaml`],
      });
    }
  }

  const list = (folder: string) => listFolder(folder, cache);
  return {
    roots,
    load,
    groupExists: (group) =>
      group !== '' && isSafePath(group) && roots.some((root) => groupFolder(root, group, list) !== undefined),
    options: (group) => sorted(roots.flatMap((root) => listOptions(root, group, list))),
    subgroups: (group) => sorted(roots.flatMap((root) => listSubgroups(root, group, list))),
  };
}

type List = (folder: string) => readonly Dirent[];

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}

function candidates(root: SearchRoot, path: string): string[] {
  if (root.mount === undefined) return [join(root.folder, `${path}.yaml`)];
  if (!path.startsWith(`${root.mount.group}/`)) return [];
  const rest = path.slice(root.mount.group.length + 1);
  const option = join(root.folder, rest, root.mount.file);
  return rest.includes('/') ? [option, join(root.folder, `${rest}.yaml`)] : [option];
}

function readConfigFile(
  file: string,
  path: string,
  shown: string,
  checkReal: (real: string) => void,
): ConfigFile | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    checkReal(realpathSync.native(file));
    const yaml = parseYaml(text, shown);
    return { path, file: shown, header: yaml.header, ...splitDefaults(yaml.root) };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(errorCode(error) ?? '')) return undefined;
    throw explainFileError(error, shown, 'read');
  }
}

function realOrUndefined(folder: string): string | undefined {
  try {
    return realpathSync.native(folder);
  } catch {
    return undefined;
  }
}

/** Relative to the working folder when inside it. */
export function showPath(file: string, workingFolder: string): string {
  const short = relative(workingFolder, file);
  return short.startsWith('..') ? file : short;
}

function isSafePath(path: string): boolean {
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part));
}

/** Refuses names that lead out of the search path before the disk is asked. */
function checkConfigPath(path: string, asked: string | undefined): void {
  if (isSafePath(path)) return;
  throw new HeldoutError({
    code: 'E_CONFIG_OUTSIDE',
    message: `'${path}' is refused: a config names other configs by their path in the search path, without '..' and without a leading '/'`,
    ...(asked === undefined ? {} : { place: asked }),
    hints: ['move the file into configs/, or add its folder with --config-dir FOLDER'],
  });
}

function listFolder(folder: string, cache: FileCache): readonly Dirent[] {
  const known = cache.folders.get(folder);
  if (known !== undefined) return known;
  let entries: readonly Dirent[] = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errorCode(error) ?? ''))
      throw explainFileError(error, folder, 'read');
  }
  cache.folders.set(folder, entries);
  return entries;
}

function isFolder(entry: Dirent): boolean {
  return (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.');
}

/** The folder of a group's options in a root, if the root has it. */
function groupFolder(root: SearchRoot, group: string, list: List): string | undefined {
  let folder = root.folder;
  let parts = group === '' ? [] : group.split('/');
  if (root.mount !== undefined) {
    if (parts[0] !== root.mount.group) return undefined;
    parts = parts.slice(1);
    if (parts.length === 0) return list(folder).length > 0 ? folder : undefined;
  }
  for (const part of parts) {
    if (!list(folder).some((entry) => entry.name === part && isFolder(entry))) return undefined;
    folder = join(folder, part);
  }
  return folder;
}

function listOptions(root: SearchRoot, group: string, list: List): string[] {
  const folder = groupFolder(root, group, list);
  if (folder === undefined) return [];
  if (root.mount !== undefined && group === root.mount.group) {
    const { file } = root.mount;
    const holds = (entry: Dirent) => list(join(folder, entry.name)).some((inner) => inner.name === file);
    return list(folder)
      .filter((entry) => isFolder(entry) && holds(entry))
      .map((entry) => entry.name);
  }
  return list(folder)
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.yaml') && !entry.name.startsWith('.'))
    .map((entry) => entry.name.slice(0, -'.yaml'.length));
}

/** What lies inside a mounted root belongs to its options: it is used by full name, and not listed. */
function listSubgroups(root: SearchRoot, group: string, list: List): string[] {
  if (root.mount !== undefined) return group === '' ? [root.mount.group] : [];
  const folder = groupFolder(root, group, list);
  if (folder === undefined) return [];
  const names = list(folder)
    .filter(isFolder)
    .map((entry) => entry.name);
  return names.map((name) => (group === '' ? name : `${group}/${name}`));
}
