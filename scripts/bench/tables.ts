import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRecords } from '../../src/analysis/records.js';
import { monotonicSeconds } from '../../src/core/clock.js';
import { writeFileAtomic } from '../../src/core/files/files.js';
import { encodeRecord } from '../../src/evaluation/record.js';
import { makeRecords } from '../../src/evaluation/testing/synthetic-records.js';
import { renderers } from '../../src/tables/index.js';
import { studyTables } from '../../src/tables/study-tables.js';
import { type BenchRow, describeTimes } from './row.js';

/** Reads 10,000 record files and builds and prints their tables: what `tables` does for a large study. */
export function benchTables(repeats = 3): BenchRow[] {
  const splits = ['random', 'composition', 'interpolation', 'extrapolation'];
  const models = Array.from({ length: 25 }, (_, index) => `model_${index}`);
  const records = makeRecords({ models, splits, seeds: 100, references: [] });
  const folder = mkdtempSync(join(tmpdir(), 'heldout-bench-tables-'));
  try {
    const paths = records.map((record) => join(folder, `${record.run}.json`));
    for (const [index, record] of records.entries()) writeFileAtomic(paths[index]!, encodeRecord(record));
    const seconds = Array.from({ length: repeats }, () => {
      const start = monotonicSeconds();
      for (const table of studyTables(loadRecords(paths))) renderers.txt(table);
      return monotonicSeconds() - start;
    });
    return [{ name: 'tables over 10,000 runs', ...describeTimes(seconds, 's'), goal: '< 3 s' }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
