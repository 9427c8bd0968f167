import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from '../../core/files/paths.js';

/** `require` of the project's folder: the code itself may run from a cache, away from node_modules. */
export function requireFromRoot(): NodeJS.Require {
  return createRequire(join(projectRoot(), 'package.json'));
}

export function resolveFromRoot(request: string): string {
  return requireFromRoot().resolve(request);
}
