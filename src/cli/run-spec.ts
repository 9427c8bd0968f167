import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parse } from 'yaml';
import type { JsonObject } from '../core/json.js';
import { runPaths } from '../runs/folder.js';
import type { RunSpec } from '../runs/run.js';

/** What a run folder says that it is: enough to open it again. */
export function readRunSpec(folder: string): { readonly study: string; readonly spec: RunSpec } {
  const paths = runPaths(folder);
  const read = (path: string) => readFileSync(path, 'utf8');
  return {
    study: basename(dirname(folder)),
    spec: {
      run: basename(folder),
      config: parse(read(paths.resolved)) as JsonObject,
      composed: parse(read(paths.config)) as JsonObject,
      overrides: read(paths.overrides).split('\n').filter(Boolean),
      provenance: JSON.parse(read(paths.provenance)) as JsonObject,
    },
  };
}
