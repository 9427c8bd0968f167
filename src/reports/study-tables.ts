import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfThere, removeAtomic, writeFileAtomic } from '../core/files.js';
import { renderers } from '../tables/index.js';
import { costTable, studyTables, type TableName, tableNames } from '../tables/study-tables.js';
import type { Table } from '../tables/table.js';
import type { StudyRecords } from './study-records.js';

export interface WrittenTables {
  readonly tables: readonly Table[];
  readonly folder: string;
}

export interface TableOptions {
  readonly names: readonly TableName[];
  /** Whether these are all tables of the study: others that lie there are then removed. */
  readonly whole: boolean;
}

/** Builds tables of a study from its records and writes each in every format to `tables/<name>/`. */
export function writeStudyTables(
  name: string,
  resultsFolder: string,
  study: StudyRecords,
  { names, whole }: TableOptions,
): WrittenTables {
  const folder = join(resultsFolder, 'tables', name);
  if (study.records.length === 0) return { tables: [], folder };
  const records = names.includes(costTable) ? study.withCosts() : study.records;
  const tables = studyTables(records, {
    order: study.order,
    names,
    comparisons: study.comparisons,
    complete: study.complete,
  });
  for (const table of tables) {
    for (const [ending, render] of Object.entries(renderers)) {
      const path = join(folder, `${table.name}.${ending}`);
      const text = render(table);
      // So that a study whose disk is read-only by now still shows its tables.
      if (readTextIfThere(path) !== text) writeFileAtomic(path, text);
    }
  }
  if (whole) removeStale(folder, new Set(tables.map((table) => table.name)));
  return { tables, folder };
}

/** Removes what earlier plans of this name left: names of our tables, there in every format. */
function removeStale(folder: string, kept: ReadonlySet<string>): void {
  if (!existsSync(folder)) return;
  const files = new Set(readdirSync(folder));
  const endings = Object.keys(renderers);
  const stems = [...files].flatMap((file) => (file.endsWith('.txt') ? file.slice(0, -'.txt'.length) : []));
  for (const stem of stems) {
    const isOurs =
      tableNames.some((table) => stem === table || stem.startsWith(`${table}-`)) &&
      endings.every((ending) => files.has(`${stem}.${ending}`));
    if (!isOurs || kept.has(stem)) continue;
    for (const ending of endings) removeAtomic(join(folder, `${stem}.${ending}`));
  }
}
