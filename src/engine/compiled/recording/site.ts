import { relative } from 'node:path';
import { projectRoot } from '../../../core/files/paths.js';

/** The innermost line of a model, objective or optimiser that is being executed: `src/models/cnn.ts:12:3`. */
export function findSite(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  for (const line of stack.split('\n').slice(1)) {
    const [, file, place] = /[( ](?:file:\/\/)?(\/[^():]+):(\d+:\d+)\)?$/.exec(line) ?? [];
    if (file === undefined || !isOurs(file)) continue;
    return `${relative(projectRoot(), file)}:${place}`;
  }
  return undefined;
}

function isOurs(file: string): boolean {
  if (file.includes('/node_modules/')) return false;
  return !/\/src\/(engine|core)\//.test(file) || file.endsWith('.test.ts');
}
