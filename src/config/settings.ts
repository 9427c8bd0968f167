import { dirname, resolve } from 'node:path';
import type { CosmiconfigResult, OptionsSync } from 'cosmiconfig';
import * as explorer from 'cosmiconfig/dist/ExplorerSync.js';
import { HeldoutError, HeldoutErrors } from '../core/errors.js';
import { readTextIfThere } from '../core/files/files.js';
import { showPath } from './compose/search-path.js';
import { parseYaml } from './compose/yaml.js';
import { listNames, suggest } from './suggestions.js';
import { formatPlace, fromPlain, type Node, type Place, SCHEMA_PLACE } from './tree.js';

/** Where a project keeps its things; folders are absolute. */
export interface Settings {
  /** The project's folder: the one of the settings file, else the one that was asked. */
  readonly folder: string;
  readonly configs: string;
  readonly experiments: string;
  /** `paths.data` and `paths.results` of a config that says nothing else, as written in the settings. */
  readonly data: Node;
  readonly results: Node;
  /** The settings file, when there is one. */
  readonly file: string | undefined;
}

const KEYS = ['configs', 'experiments', 'data', 'results'] as const;
type Key = (typeof KEYS)[number];

const FILES = [
  '.heldoutrc',
  '.heldoutrc.yaml',
  '.heldoutrc.json',
  'heldout.config.yaml',
  'heldout.config.json',
  '.config/heldoutrc',
  '.config/heldoutrc.yaml',
  '.config/heldoutrc.json',
];

interface Explorer {
  search(from: string): CosmiconfigResult;
}
type ExplorerOptions = OptionsSync & { moduleName: string; applyPackagePropertyPathToConfiguration: boolean };

/**
 * The explorer behind `cosmiconfigSync`, which itself first looks for `.config/config.js` in the working
 * folder and runs it. Here no file may run code: only the two data loaders below exist.
 */
const { ExplorerSync } = explorer as unknown as { ExplorerSync: new (options: ExplorerOptions) => Explorer };

/** Finds the project's settings in `folder`; without a file the usual folder names hold. */
export function loadSettings(folder: string): Settings {
  const found = new ExplorerSync({
    moduleName: 'heldout',
    searchPlaces: FILES,
    searchStrategy: 'none',
    ignoreEmptySearchPlaces: true,
    cache: false,
    mergeImportArrays: false,
    mergeSearchPlaces: false,
    applyPackagePropertyPathToConfiguration: false,
    transform: (result) => result,
    loaders: { noExt: readSettings, '.yaml': readSettings, '.json': readSettings },
  }).search(folder);
  const root = found === null ? folder : projectFolder(found.filepath);
  const written: ReadonlyMap<string, Node> =
    found === null
      ? new Map()
      : parseYaml(readTextIfThere(found.filepath) ?? '', showPath(found.filepath, folder)).root.entries;
  const node = (key: Key): Node => written.get(key) ?? fromPlain(key, SCHEMA_PLACE);
  return {
    folder: root,
    configs: resolve(root, textOf(node('configs'))),
    experiments: resolve(root, textOf(node('experiments'))),
    data: node('data'),
    results: node('results'),
    file: found?.filepath,
  };
}

function projectFolder(file: string): string {
  const folder = dirname(file);
  return folder.endsWith('.config') ? dirname(folder) : folder;
}

function textOf(node: Node): string {
  return node.kind === 'scalar' ? String(node.value) : '';
}

/** Checks a settings file. `$import` is refused with every other key that is not known. */
function readSettings(file: string, text: string): Readonly<Record<string, string>> {
  const { root } = parseYaml(text, file);
  const errors = [...root.entries].flatMap(([key, node]) => {
    const place = formatPlace(node.place as Place);
    if (!(KEYS as readonly string[]).includes(key)) {
      const hints = [...suggest(key, KEYS), `settings are ${listNames(KEYS)}`];
      return [
        new HeldoutError({ code: 'E_SETTINGS', message: `there is no setting '${key}'`, place, hints }),
      ];
    }
    if (node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '') return [];
    return [
      new HeldoutError({
        code: 'E_SETTINGS',
        message: `the setting '${key}' must be a folder's path`,
        place,
      }),
    ];
  });
  if (errors.length > 0) throw new HeldoutErrors(errors);
  return Object.fromEntries([...root.entries].map(([key, node]) => [key, textOf(node)]));
}
