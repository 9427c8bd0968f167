import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { HeldoutError } from '../../core/errors.js';
import { explainFileError } from '../../core/files/file-errors.js';
import type { Cells, OpenTable, ReadTable } from './cells.js';

/** How pages may be compressed beside snappy, which the reader has itself. */
const compressors = {
  GZIP: (bytes: Uint8Array) => new Uint8Array(gunzipSync(bytes)),
  BROTLI: (bytes: Uint8Array) => new Uint8Array(brotliDecompressSync(bytes)),
};
const readable: readonly string[] = ['UNCOMPRESSED', 'SNAPPY', ...Object.keys(compressors)];

/**
 * Reads a Parquet file row by row, a row group in memory. Rows are numbered from 1. Throws HeldoutError where it is no
 * Parquet or damaged, and whatever `open` or what it returns throws.
 */
export async function readParquet(path: string, open: OpenTable): Promise<ReadTable> {
  const sha256 = await hashFile(path);
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead } = await import('hyparquet');
  const file = await asyncBufferFromFile(path);
  const damaged = (cause: unknown) =>
    new HeldoutError({
      code: 'E_IMPORT_PARQUET',
      message: 'the file is no Parquet, or it is damaged',
      place: path,
      hints: ['write it anew, e.g. with pandas: table.to_parquet("predictions.parquet")', 'or give a CSV'],
      cause,
    });
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw damaged(error);
  });
  const codecs = metadata.row_groups.flatMap(({ columns }) =>
    columns.map(({ meta_data }) => meta_data?.codec),
  );
  const unknown = codecs.find((codec) => codec !== undefined && !readable.includes(codec));
  if (unknown !== undefined) throw refuseCodec(path, unknown);
  const header = metadata.schema.slice(1).flatMap(({ name, num_children }) => (num_children ? [] : [name]));
  const visit = open(header);
  const cells = new ColumnCells();
  let first = 0;
  for (const group of metadata.row_groups) {
    const end = first + Number(group.num_rows);
    const columns = new Map<string, unknown[]>();
    try {
      await parquetRead({
        file,
        metadata,
        compressors,
        rowStart: first,
        rowEnd: end,
        // Chunks hold whole pages, which begin with the row group.
        onChunk: ({ columnName, columnData }) => {
          const known = columns.get(columnName) ?? [];
          for (let at = 0; at < columnData.length; at++) known.push(columnData[at]);
          columns.set(columnName, known);
        },
      });
    } catch (error) {
      throw damaged(error);
    }
    cells.columns = header.map((name) => columns.get(name) ?? []);
    for (let row = first; row < end; row++) {
      cells.row = row - first;
      visit(cells, row + 1);
    }
    first = end;
  }
  return { sha256, rows: first };
}

function refuseCodec(path: string, codec: string): HeldoutError {
  return new HeldoutError({
    code: 'E_IMPORT_PARQUET',
    message: `the columns are compressed by ${codec}, and what is read here is ${readable.join(', ')}`,
    place: path,
    hints: [
      'write it anew, with polars: table.write_parquet("predictions.parquet", compression="snappy")',
      'or give a CSV',
    ],
  });
}

class ColumnCells implements Cells {
  columns: readonly (readonly unknown[])[] = [];
  row = 0;

  text(column: number): string {
    const value = this.columns[column]![this.row];
    return value === null || value === undefined ? '' : String(value).trim();
  }

  number(column: number): number {
    const value = this.columns[column]![this.row];
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
    const text = this.text(column);
    return text === '' ? Number.NaN : Number(text);
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
  return hash.digest('hex');
}
