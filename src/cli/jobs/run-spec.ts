import { basename, dirname } from 'node:path';
import { parse } from 'yaml';
import { HeldoutError } from '../../core/errors.js';
import { readTextIfThere } from '../../core/files/files.js';
import { isJsonObject, type JsonObject } from '../../core/json.js';
import { runPaths } from '../../runs/folder.js';
import { runId } from '../../runs/provenance/identity.js';
import type { RunSpec } from '../../runs/run.js';

/** What a run folder says that it is: enough to open it again. Throws HeldoutError when that is damaged. */
export function readRunSpec(folder: string): { readonly study: string; readonly spec: RunSpec } {
  const paths = runPaths(folder);
  const run = basename(folder);
  const config = read(paths.resolved, parse);
  if (runId(config) !== run) throw damaged(paths.resolved, `it is not the config of run ${run}`);
  return {
    study: basename(dirname(folder)),
    spec: {
      run,
      config,
      composed: read(paths.config, parse),
      overrides: (readTextIfThere(paths.overrides) ?? '').split('\n').filter(Boolean),
      provenance: read(paths.provenance, JSON.parse),
    },
  };
}

function read(path: string, parseText: (text: string) => unknown): JsonObject {
  const text = readTextIfThere(path);
  if (text === undefined) throw damaged(path, 'it is missing');
  let value: unknown;
  try {
    value = parseText(text);
  } catch (error) {
    throw damaged(path, 'it cannot be read', error);
  }
  if (isJsonObject(value)) return value;
  throw damaged(path, 'it has no keys');
}

function damaged(path: string, why: string, cause?: unknown): HeldoutError {
  return new HeldoutError({
    code: 'E_RUN_DAMAGED',
    message: `a file of this run is damaged: ${why}`,
    place: path,
    hints: ['run the command that started it again: it writes the file anew'],
    exitCode: 1,
    cause,
  });
}
