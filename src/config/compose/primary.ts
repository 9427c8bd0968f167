import { existsSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import type { Settings } from '../settings.js';
import { listNames, suggest } from '../suggestions.js';
import { type FileCache, openRepository, type Repository, type SearchRoot, showPath } from './search-path.js';

export const DEFAULT_PRIMARY = 'config';
const EXPERIMENT_FILE = 'experiment.yaml';

export interface Primary {
  readonly repository: Repository;
  /** Path of the primary config in the search path. */
  readonly name: string;
}

export interface PrimaryRequest {
  readonly settings: Settings;
  /** What follows `--config`: a name in the search path or any path. */
  readonly config: string | undefined;
  readonly configDirs: readonly string[];
  readonly workingFolder: string;
  readonly cache: FileCache;
}

/** Finds the primary config and opens the search path: its folder, `--config-dir`, configs, experiments. */
export function openPrimary(request: PrimaryRequest): Primary {
  const { settings, config, workingFolder, cache } = request;
  const extra = request.configDirs.map((folder) => openFolder(folder, workingFolder));
  const usual: SearchRoot[] = [
    ...extra,
    { provider: 'configs', folder: settings.configs },
    {
      provider: 'experiments',
      folder: settings.experiments,
      mount: { group: 'experiment', file: EXPERIMENT_FILE },
    },
  ];
  const open = (roots: readonly SearchRoot[]) => openRepository(roots, workingFolder, cache);
  if (config === undefined) return { repository: open(usual), name: DEFAULT_PRIMARY };
  const path = resolve(workingFolder, config);
  refuseExperiment(path, settings);
  const typedPath = isAbsolute(config) || /[/\\]/.test(config) || /\.(?:ya?ml|json)$/.test(config);
  if (typedPath && isFile(path)) return openByPath(path, usual, open);
  const repository = open(usual);
  const name = config.replace(/\.yaml$/, '');
  if (isName(name) && repository.load(name, '--config') !== undefined) return { repository, name };
  if (isFile(`${path}.yaml`)) return openByPath(`${path}.yaml`, usual, open);
  throw notFound(config, path, repository, workingFolder);
}

/** An experiment's file is no config by itself: it is laid on one. */
function refuseExperiment(path: string, settings: Settings): void {
  if (basename(path) !== EXPERIMENT_FILE || dirname(dirname(path)) !== settings.experiments || !isFile(path))
    return;
  throw new HeldoutError({
    code: 'E_CONFIG_EXPERIMENT',
    message: 'this is an experiment: it is laid on a config, and is none by itself',
    place: '--config',
    hints: [`type experiment=${basename(dirname(path))} instead of --config`],
  });
}

function openByPath(
  path: string,
  usual: readonly SearchRoot[],
  open: (roots: readonly SearchRoot[]) => Repository,
): Primary {
  if (!path.endsWith('.yaml')) {
    throw new HeldoutError({
      code: 'E_CONFIG_YML',
      message: 'configs end in .yaml',
      place: path,
      hints: [`rename it to ${basename(path).replace(/\.[^.]*$/, '')}.yaml`],
    });
  }
  const folder = dirname(path);
  // The config's own folder may be one that is searched anyway: then its place in the order stays.
  const inside = usual.find((root) => root.mount === undefined && path.startsWith(join(root.folder, '/')));
  if (inside !== undefined && folder === resolve(inside.folder)) {
    const first = usual.filter((root) => root !== inside);
    return { repository: open([{ ...inside, provider: 'config' }, ...first]), name: basename(path, '.yaml') };
  }
  return { repository: open([{ provider: 'config', folder }, ...usual]), name: basename(path, '.yaml') };
}

function openFolder(folder: string, workingFolder: string): SearchRoot {
  const path = resolve(workingFolder, folder);
  if (existsSync(path) && statSync(path).isDirectory()) return { provider: '--config-dir', folder: path };
  throw new HeldoutError({
    code: 'E_CONFIG_DIR',
    message: `the folder of --config-dir does not exist: ${path}`,
    hints: ['check the path: it is taken from the folder where the command is typed'],
  });
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isName(name: string): boolean {
  return name !== '' && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function notFound(config: string, path: string, repository: Repository, workingFolder: string): HeldoutError {
  const names = repository.options('');
  const experiments = repository.options('experiment');
  const wanted = basename(config).replace(/\.(?:ya?ml|json)$/, '');
  const hints = suggest(wanted, names);
  const near = [wanted, basename(dirname(path))].find((name) => experiments.includes(name));
  if (near !== undefined) hints.push(`to run that experiment type experiment=${near}`);
  hints.push(`configs are ${listNames(names)}`);
  hints.push(
    `looked for ${path} and in ${repository.roots.map((root) => showPath(root.folder, workingFolder)).join(', ')}`,
  );
  return new HeldoutError({
    code: 'E_CONFIG_NOT_FOUND',
    message: `there is no config '${config}'`,
    place: '--config',
    hints: hints.slice(0, 3),
  });
}
