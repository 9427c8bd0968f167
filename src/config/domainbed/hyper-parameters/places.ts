import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfThere } from '../../../core/files/files.js';
import { projectRoot } from '../../../core/files/paths.js';
import { parseYaml } from '../../compose/yaml.js';
import { loadSettings } from '../../settings.js';
import { nodeAt, type Path, toPlain, visitLeaves } from '../../tree.js';

/** Where a config has what DomainBed calls `name`. */
export interface HyperParameterPlace {
  readonly name: string;
  readonly path: Path;
}

const reference = /\$\{domainbed:(\w+)\}/;
let found: ReadonlyMap<string, readonly HyperParameterPlace[]> | undefined;

/** Keys that follow from hyper-parameters of one of DomainBed's algorithms, as the files of `configs/algorithm` say. */
export function placesOf(algorithm: string): readonly HyperParameterPlace[] {
  found ??= readPlaces();
  return found.get(algorithm) ?? [];
}

/** Whether a value as composed is still what follows from a hyper-parameter, and was not typed in its place. */
export function followsFromDraw(composed: unknown): boolean {
  return typeof composed === 'string' && reference.test(composed);
}

function readPlaces(): ReadonlyMap<string, readonly HyperParameterPlace[]> {
  const folder = join(loadSettings(projectRoot()).configs, 'algorithm');
  const places = new Map<string, HyperParameterPlace[]>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    const path = join(folder, file);
    const { root } = parseYaml(readTextIfThere(path) ?? '', path);
    const algorithm = nodeAt(root, ['domainbed', 'algorithm']);
    if (algorithm === undefined) continue;
    const own = places.get(String(toPlain(algorithm))) ?? [];
    places.set(String(toPlain(algorithm)), own);
    visitLeaves(root, (path, leaf) => {
      const [, name] = reference.exec(String(toPlain(leaf))) ?? [];
      if (name !== undefined) own.push({ name, path });
    });
  }
  return places;
}
