import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRecords } from '../../src/analysis/records.js';
import { monotonicSeconds } from '../../src/core/clock.js';
import { writeRecord } from '../../src/evaluation/record.js';
import { makeRecords } from '../../src/evaluation/testing/synthetic-records.js';
import { heldOutTables } from '../../src/tables/held-out.js';
import { renderers } from '../../src/tables/index.js';

export interface TablesBenchRow {
  readonly name: string;
  readonly runs: number;
  readonly rowsPerRun: number;
  readonly repeats: number;
  /** Medians over the repeats. */
  readonly readSeconds: number;
  readonly buildSeconds: number;
  readonly totalSeconds: number;
  readonly goalSeconds: number;
}

/** Reads 10,000 record files and builds and prints their tables: what `tables` does for a large study. */
export async function benchTables(repeats = 3): Promise<TablesBenchRow[]> {
  const splits = ['random', 'composition', 'interpolation', 'extrapolation'];
  const models = Array.from({ length: 25 }, (_, index) => `model_${index}`);
  const records = makeRecords({ models, splits, seeds: 100, references: [] });
  const folder = mkdtempSync(join(tmpdir(), 'heldout-bench-tables-'));
  try {
    const paths = records.map((record) => join(folder, record.run, 'record.json'));
    for (const [index, record] of records.entries()) writeRecord(paths[index]!, record);
    const reads: number[] = [];
    const builds: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const start = monotonicSeconds();
      const loaded = loadRecords(paths);
      const read = monotonicSeconds();
      for (const table of heldOutTables(loaded.records)) renderers.txt(table);
      reads.push(read - start);
      builds.push(monotonicSeconds() - read);
    }
    return [
      {
        name: 'tables over 10,000 runs',
        runs: records.length,
        rowsPerRun: records.reduce((sum, record) => sum + record.rows.length, 0) / records.length,
        repeats,
        readSeconds: median(reads),
        buildSeconds: median(builds),
        totalSeconds: median(reads.map((read, index) => read + builds[index]!)),
        goalSeconds: 3,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
