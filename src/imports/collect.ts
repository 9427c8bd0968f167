import { HeldoutError } from '../core/errors.js';
import { growScores } from '../evaluation/examples/example-scores.js';
import { assignRoles, type ColumnRoles } from './column-roles.js';
import type { ImportedPredictions } from './imported.js';
import type { Cells, OpenTable } from './reading/cells.js';
import { createRowScorer, type ScoreRow } from './score-row.js';
import { type Block, createBlock, createTables, type NetworkEntry, type SetEntry } from './tables.js';

/** Takes rows of predictions, file by file. */
export interface Collector {
  /** What takes the table of one file; `place` names a row of it. */
  open(path: string, place: (row: number) => string): OpenTable;
  /** Everything that was read. Throws HeldoutError where models of a set have other examples. */
  finish(): Omit<ImportedPredictions, 'files'>;
}

export function createCollector(): Collector {
  const tables = createTables();
  let files = 0;
  return {
    open: (path, place) => (header) => {
      files += 1;
      return collectRows(tables, assignRoles(header, path), files - 1, place);
    },
    finish: () => tables.finish(),
  };
}

function collectRows(
  tables: ReturnType<typeof createTables>,
  roles: ColumnRoles,
  file: number,
  place: (row: number) => string,
): (cells: Cells, row: number) => void {
  const score: ScoreRow = createRowScorer(roles, tables.answers);
  tables.files[file] = place;
  const textOf = (cells: Cells, column: number | undefined) =>
    column === undefined ? '' : cells.text(column);
  let [model, dataset, variant, trainedOn, task] = ['', '', '', '', ''];
  let block: Block | undefined;
  return (cells, row) => {
    const refuse = (code: string, message: string, hints: readonly string[]): HeldoutError =>
      new HeldoutError({ code: `E_IMPORT_${code}`, message, place: place(row), hints });
    const own = [
      cells.text(roles.model),
      cells.text(roles.dataset),
      textOf(cells, roles.variant),
      textOf(cells, roles.trainedOn),
      textOf(cells, roles.task),
    ] as const;
    if (
      block === undefined ||
      own[0] !== model ||
      own[1] !== dataset ||
      own[2] !== variant ||
      own[3] !== trainedOn ||
      own[4] !== task
    ) {
      [model, dataset, variant, trainedOn, task] = own;
      if (model === '') throw refuse('MODEL', 'the row names no model', ['fill the column model']);
      if (dataset === '') throw refuse('SET', 'the row names no dataset', ['fill the column dataset']);
      block = findBlock(tables, { model, dataset, variant, trainedOn, task }, place(row), refuse);
    }
    checkFactors(block.network, roles, cells, row, place, refuse);
    const at = placeExample(block, roles, cells, row, file, tables, refuse);
    score(block, at, cells, refuse);
    block.rows[at] = row;
    block.filled += 1;
  };
}

type Refuse = (code: string, message: string, hints: readonly string[]) => HeldoutError;

function findBlock(
  { networkOf, setOf, blocks }: ReturnType<typeof createTables>,
  names: Readonly<Record<'model' | 'dataset' | 'variant' | 'trainedOn' | 'task', string>>,
  where: string,
  refuse: Refuse,
): Block {
  const network = networkOf(names.model, names.trainedOn);
  const set = setOf(names.dataset, names.variant, names.task);
  if (set.task !== names.task) {
    throw refuse('TASK', `${names.dataset} is of the task '${names.task}' here and of '${set.task}' before`, [
      'give all rows of a dataset the same task',
    ]);
  }
  const known = blocks.get(network)?.get(set);
  if (known !== undefined) return known;
  const created = createBlock(network, set, where);
  const own = blocks.get(network) ?? new Map<SetEntry, Block>();
  blocks.set(network, own.set(set, created));
  return created;
}

/** A column that nobody knows is a factor of the network, and so the same in all of its rows. */
function checkFactors(
  network: NetworkEntry,
  { factors }: ColumnRoles,
  cells: Cells,
  row: number,
  place: (row: number) => string,
  refuse: Refuse,
): void {
  for (const { column, name } of factors) {
    const text = cells.text(column);
    const known = network.factors.get(name);
    if (known === undefined) network.factors.set(name, { text, where: place(row) });
    else if (known.text !== text) {
      throw refuse(
        'FACTOR',
        `${name} of model ${network.name} is '${text}' here and '${known.text}' in ${known.where}`,
        [
          `if ${name} says something about the example, call the column group_${name}`,
          'if it says how the network was made, give each setting a model name of its own',
        ],
      );
    }
  }
}

/** Number of the row's example in its set, which is made longer where the example is new. */
function placeExample(
  block: Block,
  roles: ColumnRoles,
  cells: Cells,
  row: number,
  file: number,
  { files }: ReturnType<typeof createTables>,
  refuse: Refuse,
): number {
  const { set, network } = block;
  const example = cells.text(roles.example);
  if (example === '') throw refuse('EXAMPLE', 'the row names no example', ['fill the column example']);
  // Files go through the examples of each model in the same order.
  let at = set.examples[block.next] === example ? block.next : set.index.get(example);
  if (at === undefined) {
    at = set.examples.length;
    set.examples.push(example);
    set.index.set(example, at);
    set.origins.push({ file, row });
    set.labels.push(cells.text(roles.label));
    for (const { column, name } of roles.groups) groupOf(set, name).set(at, cells.text(column));
  } else {
    const label = cells.text(roles.label);
    const origin = set.origins[at]!;
    if (set.labels[at] !== label) {
      throw refuse(
        'LABEL',
        `example ${example} of ${set.name} has the label '${label}' here and '${set.labels[at]}' in ${files[origin.file]!(origin.row)}`,
        ['give each example one label', 'give examples that are not the same different names'],
      );
    }
    for (const { column, name } of roles.groups) {
      const [known, text] = [groupOf(set, name).get(at), cells.text(column)];
      if (known === undefined) groupOf(set, name).set(at, text);
      else if (known !== text) {
        throw refuse(
          'GROUP',
          `example ${example} of ${set.name} is of group_${name} '${text}' here and '${known}' before`,
          ['groups are of examples: give each the same group for all models'],
        );
      }
    }
  }
  block.next = at + 1;
  if (at >= block.rows.length) {
    const size = Math.max(1024, 2 * block.rows.length, set.examples.length);
    const rows = new Float64Array(size);
    rows.set(block.rows);
    block.rows = rows;
    block.scores = growScores(block.scores, size);
  }
  if (block.rows[at] !== 0) {
    throw refuse(
      'TWICE',
      `example ${example} of ${set.name} stands twice for model ${network.name}: also in row ${block.rows[at]}`,
      ['remove one of the rows', 'where two networks have the same name, give each its own'],
    );
  }
  return at;
}

function groupOf({ groups }: SetEntry, name: string): Map<number, string> {
  const known = groups.get(name) ?? new Map<number, string>();
  groups.set(name, known);
  return known;
}
