import { identify } from '../../core/hash.js';
import { makeColumns } from '../../variables/columns.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import type { Dataset } from '../dataset.js';
import { rolesOf, type TableChoices } from './choices.js';
import { checkUnknown, type KeptRows, keepRows } from './columns/keep-rows.js';
import type { Imported } from './import.js';
import { type InputColumn, layOutInputs } from './inputs.js';
import { describeTable } from './notes.js';
import { type CodedVariable, makeVariables } from './variables.js';

/**
 * A dataset with one input, `features`, of imported columns: rows of the files one after the other. With two files
 * their rows differ in the variable `part`: train and test.
 */
export function makeTableDataset(files: readonly Imported[], choices: TableChoices): Dataset {
  const kept = files.map((file) => keepRows(file, choices));
  const ignored = kept.slice(1).flatMap((each) => checkUnknown(each, choices));
  const coded = makeVariables({ columns: files.at(-1)!.columns, used: joinUsed(kept) }, choices);
  const inputs = layOutInputs(kept, choices);
  const plain = tabulate(kept, coded, choices);
  const table: VariableTable = { ...plain, notes: describeTable(kept, choices, plain, inputs, ignored) };
  const starts = kept.map((_, at) => kept.slice(0, at).reduce((sum, { rows }) => sum + rows.length, 0));
  const { width, columns, standardise } = inputs;
  return {
    name: choices.name,
    table,
    inputs: { features: [width] },
    columns: { features: columns.flatMap(nameNumbers) },
    targets: [{ name: choices.target.column, kind: 'binary' }],
    protected: choices.protected.map(({ column }) => column),
    standardise: { features: standardise },
    fingerprint: identify(
      {
        dataset: choices.name,
        files: files.map(({ sha256 }) => sha256),
        rows: kept.map(({ rows }) => rows.length),
        inputs: columns.map(({ name, kind, levels }) => ({ name, kind, levels })),
        variables: table.variables,
        missing: choices.missing,
      },
      16,
    ),
    fill(input, examples, out) {
      if (input !== 'features')
        throw new RangeError(`${choices.name} has no input '${input}', only 'features'`);
      if (out.length < examples.length * width) {
        throw new RangeError(
          `${examples.length} rows need ${examples.length * width} numbers, not ${out.length}`,
        );
      }
      out.fill(0, 0, examples.length * width);
      for (let i = 0; i < examples.length; i++) {
        const example = examples[i]!;
        if (!(example >= 0 && example < table.size)) {
          throw new RangeError(`no example ${example} among ${table.size}`);
        }
        const at = example < (starts[1] ?? table.size) ? 0 : 1;
        const { file, rows } = kept[at]!;
        file.rows.go(rows[example - starts[at]!]!);
        for (const column of columns) column.write(file.rows, out, i * width);
      }
    },
    stored(input) {
      return input === 'features' ? { inMemory: files.every(({ rows }) => rows.inMemory) } : undefined;
    },
  };
}

/** `age`, or `education=BSc` for each level. */
function nameNumbers({ name, kind, levels }: InputColumn): readonly string[] {
  if (kind === 'categorical') return levels.map((level) => `${name}=${level}`);
  return [kind === 'numeric' ? name : `${name} (${[kind, ...levels].join(', ')})`];
}

/** Codes that occur in any of the files, by column. */
function joinUsed(kept: readonly KeptRows[]): ReadonlyMap<string, ReadonlySet<number>> {
  const names = [...kept[0]!.used.keys()];
  return new Map(names.map((name) => [name, new Set(kept.flatMap(({ used }) => [...used.get(name)!]))]));
}

function tabulate(
  kept: readonly KeptRows[],
  coded: readonly CodedVariable[],
  choices: TableChoices,
): VariableTable {
  const size = kept.reduce((sum, { rows }) => sum + rows.length, 0);
  const columns: Record<string, Uint16Array> = {};
  for (const { variable } of coded) columns[variable.name] = new Uint16Array(size);
  const part = new Uint16Array(size);
  let example = 0;
  for (const [at, { file, rows }] of kept.entries()) {
    for (const row of rows) {
      file.rows.go(row);
      for (const { variable, column, levelOf } of coded) {
        columns[variable.name]![example] = levelOf[file.rows.level(column.at)]!;
      }
      part[example++] = at;
    }
  }
  const parts: Variable = { name: 'part', kind: 'categorical', levels: ['train', 'test'] };
  const variables = [...coded.map(({ variable }) => variable), ...(kept.length > 1 ? [parts] : [])];
  return { ...makeColumns(size, variables, { ...columns, part }), ...rolesOf(choices) };
}
