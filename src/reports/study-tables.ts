import { join } from 'node:path';
import { readTextIfThere, writeFileAtomic } from '../core/files.js';
import { heldOutTables } from '../tables/held-out.js';
import { renderers } from '../tables/index.js';
import type { Table } from '../tables/table.js';
import type { StudyRecords } from './study-records.js';

export interface WrittenTables {
  readonly tables: readonly Table[];
  readonly folder: string;
}

/** Builds the tables of a study from its records and writes each in every format to `tables/<name>/`. */
export function writeStudyTables(name: string, resultsFolder: string, study: StudyRecords): WrittenTables {
  const folder = join(resultsFolder, 'tables', name);
  const tables = study.records.length === 0 ? [] : heldOutTables(study.records, study.order);
  for (const table of tables) {
    for (const [ending, render] of Object.entries(renderers)) {
      const path = join(folder, `${table.name}.${ending}`);
      const text = render(table);
      // So that a study whose disk is read-only by now still shows its tables.
      if (readTextIfThere(path) !== text) writeFileAtomic(path, text);
    }
  }
  return { tables, folder };
}
