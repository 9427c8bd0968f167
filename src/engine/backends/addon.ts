import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resolveFromRoot } from './resolve.js';

export const addonPackage = '@tensorflow/tfjs-node-gpu';

/** The built addon of tfjs-node, or undefined: the package arrives without one. */
export function findAddon(): string | undefined {
  const lib = join(packageFolder() ?? '', 'lib');
  if (!existsSync(lib)) return undefined;
  const folders = readdirSync(lib).filter((name) => name.startsWith('napi-v'));
  return folders.map((name) => join(lib, name, 'tfjs_binding.node')).find((file) => existsSync(file));
}

function packageFolder(): string | undefined {
  try {
    return dirname(resolveFromRoot(`${addonPackage}/package.json`));
  } catch {
    return undefined;
  }
}
