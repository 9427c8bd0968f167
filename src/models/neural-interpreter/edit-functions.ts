import { HeldoutError } from '../../core/errors.js';
import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import { tableNames, tableParts } from './interpreter.js';

export interface FunctionEdit {
  /** Functions that are left out of every script, counted from 0; those added earlier come last. */
  readonly remove: readonly number[];
  /** Whether added functions start as copies of those that are left, in turn; else as `initial` has them. */
  readonly copies: boolean;
}

/**
 * What a trained interpreter becomes with functions removed or added: all that functions share, and the rows of those
 * that stay, are its own; the rows of added functions are new.
 * @param trained Its parameters.
 * @param initial Those of the model that it becomes, as they would start.
 */
export function editFunctions(trained: NamedArrays, initial: NamedArrays, edit: FunctionEdit): NamedArrays {
  const scripts = Object.keys(initial).flatMap((name) => /^(.*)\/functions\/codes$/.exec(name)?.[1] ?? []);
  const tables: Record<string, NamedArray> = {};
  for (const script of scripts) {
    for (const part of tableParts) {
      const [first, second] = tableNames.map((table) => `${script}/${table}/${part}`) as [string, string];
      const rows = [first, second].flatMap((name) => rowsOf(trained[name]));
      const unknown = edit.remove.filter((place) => place >= rows.length);
      if (unknown.length > 0) throw refuseUnknown(unknown, rows.length);
      const kept = rows.filter((_, place) => !edit.remove.includes(place));
      if (kept.length === 0) throw refuseAll(rows.length);
      tables[first] = tableOf(kept);
      const added = initial[second];
      if (added === undefined) continue;
      tables[second] = edit.copies ? tableOf(rowsOf(added).map((_, row) => kept[row % kept.length]!)) : added;
    }
  }
  const edited = Object.fromEntries(
    Object.keys(initial).map((name) => [name, tables[name] ?? trained[name]] as const),
  );
  checkShapes(edited, initial);
  return edited as NamedArrays;
}

function rowsOf(table: NamedArray | undefined): Float32Array[] {
  if (table === undefined) return [];
  const width = table.shape[1]!;
  return Array.from({ length: table.shape[0]! }, (_, row) =>
    Float32Array.from(table.data.subarray(row * width, (row + 1) * width)),
  );
}

function tableOf(rows: readonly Float32Array[]): NamedArray {
  const width = rows[0]!.length;
  const data = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) data.set(row, at * width);
  return { shape: [rows.length, width], data };
}

function refuseUnknown(unknown: readonly number[], count: number): HeldoutError {
  return new HeldoutError({
    code: 'E_FUNCTIONS_UNKNOWN',
    message: `there is no function ${unknown.join(', ')}: the run has ${count}, 0 to ${count - 1}`,
    place: 'protocol.remove',
    hints: [`protocol.remove=[${count - 1}]`],
  });
}

function refuseAll(count: number): HeldoutError {
  return new HeldoutError({
    code: 'E_FUNCTIONS_NONE',
    message: `of the ${count} functions of the run none would be left`,
    place: 'protocol.remove',
    hints: ['leave one'],
  });
}

function checkShapes(edited: Readonly<Record<string, NamedArray | undefined>>, initial: NamedArrays): void {
  for (const [name, { shape }] of Object.entries(initial)) {
    const found = edited[name]?.shape;
    if (found?.join() === shape.join()) continue;
    const isTable = name.endsWith('/functions/codes');
    throw new HeldoutError({
      code: 'E_FUNCTIONS_SHAPE',
      message: `the run does not fit this config: ${name} is ${found === undefined ? 'missing' : `[${found.join(', ')}]`} there and [${shape.join(', ')}] here`,
      place: isTable ? 'model.functions' : 'protocol.from',
      hints: isTable
        ? [`model.functions=${found?.[0]}`]
        : ['take the sections model and dataset from the run: npm run experiment -- functions RUN'],
    });
  }
}
