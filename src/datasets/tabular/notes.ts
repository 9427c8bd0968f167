import { countLevels } from '../../variables/targets.js';
import type { VariableTable } from '../../variables/variable.js';
import type { TableChoices } from './choices.js';
import type { KeptRows } from './columns/keep-rows.js';
import type { InputLayout } from './inputs.js';
import { nameDelimiter } from './reading/delimited.js';
import { shorten } from './variables.js';

/** What was decided about a table, a sentence each. */
export function describeTable(
  kept: readonly KeptRows[],
  choices: TableChoices,
  table: VariableTable,
  inputs: InputLayout,
  ignored: readonly string[],
): readonly string[] {
  const [first] = kept;
  const ofKind = (kind: string) => inputs.columns.filter((column) => column.kind === kind);
  const numbers = ['numeric', 'log1p'].flatMap((kind) => ofKind(kind));
  const left = [
    ...choices.leftOut.map((name) => `${name} (asked for)`),
    ...first!.file.dropped.map(({ name, reason }) => `${name} (${reason})`),
    ...inputs.constant.map((name) => `${name} (one value)`),
  ];
  const personal = choices.never.filter((name) => first!.file.names.includes(name));
  return [
    ...kept.map(describeRows),
    ...list('numeric, standardised on the training set', numbers, ({ name, kind }) =>
      kind === 'log1p' ? `log(1 + ${name})` : name,
    ),
    ...list('ordinal, standardised on the training set', ofKind('ordinal'), countOf),
    ...list('categorical, one-hot', ofKind('categorical'), countOf),
    ...list('left out', left, String),
    ...list('left out because they tell who somebody is', personal, String),
    ...describeVariables(choices, table),
    ...list('levels of the second file that count as none', ignored, String),
  ];
}

const countOf = ({ name, levels }: { readonly name: string; readonly levels: readonly string[] }) =>
  `${name} (${levels.length})`;

function list<Item>(what: string, items: readonly Item[], word: (item: Item) => string): readonly string[] {
  return items.length === 0 ? [] : [`${what}: ${items.map(word).join(', ')}`];
}

function describeRows({ file, rows, leftOut, lacking, gaps }: KeptRows): string {
  const { path, delimiter, read, count } = file;
  const name = path.split('/').at(-1);
  const chosen = count === read ? '' : `, ${count.toLocaleString('en')} of them chosen`;
  const head = `${name}: ${read.toLocaleString('en')} rows of cells between ${nameDelimiter(delimiter)}${chosen}`;
  const tell = (columns: ReadonlyMap<string, number>) =>
    shorten([...columns].map(([column, many]) => `${column} ${many.toLocaleString('en')}`));
  const left =
    leftOut === 0
      ? ''
      : `; ${leftOut.toLocaleString('en')} with missing values are left out (${tell(lacking)}), ${rows.length.toLocaleString('en')} stay`;
  const filled =
    gaps.size === 0
      ? ''
      : `; values that are missing become the train mean or a level of their own (${tell(gaps)})`;
  return `${head}${left}${filled}`;
}

function describeVariables(choices: TableChoices, table: VariableTable): readonly string[] {
  const count = (name: string) => [...countLevels(table, name)].map((many) => many.toLocaleString('en'));
  const levelsOf = (name: string) => {
    const counts = count(name);
    return shorten(table.variable(name).levels.map((level, at) => `${level} ${counts[at]}`));
  };
  const { column: target } = choices.target;
  return [
    `target ${target}: ${table.variable(target).levels[1]} is positive (${levelsOf(target)})`,
    ...choices.protected.map(
      ({ column }) =>
        `protected ${column}: ${levelsOf(column)}; ${choices.useProtected ? 'an input, too' : 'no input'}`,
    ),
    ...(choices.environment === undefined
      ? []
      : [`environments ${choices.environment}: ${levelsOf(choices.environment)}; no input`]),
  ];
}
