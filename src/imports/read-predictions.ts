import { existsSync } from 'node:fs';
import { HeldoutError } from '../core/errors.js';
import { createCollector } from './collect.js';
import type { ImportedFile, ImportedPredictions } from './imported.js';
import { readCsv } from './reading/csv-cells.js';
import { readParquet } from './reading/parquet-cells.js';

/**
 * Reads files of predictions, a row per example and model, one after the other. Throws HeldoutError with file and line on
 * what is missing, no number, there twice or not the same for all models.
 */
export async function readPredictionFiles(paths: readonly string[]): Promise<ImportedPredictions> {
  const collector = createCollector();
  const files: ImportedFile[] = [];
  for (const path of paths) {
    if (!existsSync(path)) throw refuseAbsent(path);
    const parquet = path.endsWith('.parquet');
    const place = (row: number) => (parquet ? `${path}, row ${row}` : `${path}:${row}`);
    const read = await (parquet ? readParquet : readCsv)(path, collector.open(path, place));
    if (read.rows === 0) {
      throw new HeldoutError({
        code: 'E_IMPORT_ROWS',
        message: 'the file has a header and no rows',
        place: path,
      });
    }
    files.push({ path, ...read });
  }
  return { files, ...collector.finish() };
}

function refuseAbsent(path: string): HeldoutError {
  return new HeldoutError({
    code: 'E_IMPORT_FILE',
    message: 'there is no such file',
    place: path,
    hints: [`look: ls -l '${path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'}'`],
  });
}
