import { HeldoutError } from '../core/errors.js';
import { readTextIfThere } from '../core/files/files.js';
import { canonicalJson, isJsonObject } from '../core/json.js';
import type { RecordRow } from './predictions.js';

/** What a run came to: its identity and a flat list of numbers. The only thing that tables read. */
export interface RunRecord {
  readonly schema: 1;
  /** Run id. */
  readonly run: string;
  /** What to group by: `model`, `split`, `seed`, `dataset`, `protocol` (`reference` for what is not trained). */
  readonly labels: Readonly<Record<string, string>>;
  readonly rows: readonly RecordRow[];
}

/** Canonical JSON: equal records give equal bytes, numbers keep full precision. */
export function encodeRecord(record: RunRecord): string {
  return `${canonicalJson(record)}\n`;
}

/** The record, or undefined when there is none. Throws HeldoutError when the file is damaged. */
export function readRecord(path: string): RunRecord | undefined {
  const text = readTextIfThere(path);
  return text === undefined ? undefined : parseRecord(text, path);
}

/** Checks every field, by hand rather than by a schema: a study may read ten thousand of these. */
export function parseRecord(text: string, path: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, 'it is not JSON', undefined, error);
  }
  if (!isJsonObject(value)) throw damaged(path, 'it is not an object');
  const run = typeof value.run === 'string' ? value.run : undefined;
  if (value.schema !== 1) throw damaged(path, `its schema is ${JSON.stringify(value.schema)}, not 1`, run);
  if (run === undefined) throw damaged(path, 'it names no run');
  if (!isTextMap(value.labels)) throw damaged(path, 'its labels are not texts', run);
  if (!Array.isArray(value.rows)) throw damaged(path, 'it has no rows', run);
  const wrong = value.rows.findIndex((row: unknown) => !isRow(row));
  if (wrong >= 0) throw damaged(path, `row ${wrong + 1} is not {set, metric, group, value, n}`, run);
  return value as unknown as RunRecord;
}

function isRow(row: unknown): row is RecordRow {
  return (
    isJsonObject(row) &&
    typeof row.set === 'string' &&
    typeof row.metric === 'string' &&
    typeof row.value === 'number' &&
    typeof row.n === 'number' &&
    isTextMap(row.group)
  );
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return false;
  for (const key in value) if (typeof value[key] !== 'string') return false;
  return true;
}

function damaged(path: string, why: string, run?: string, cause?: unknown): HeldoutError {
  return new HeldoutError({
    code: 'E_RECORD_CORRUPT',
    message: `the record of a run is damaged: ${why}`,
    place: path,
    hints: [`npm run experiment -- evaluate ${run ?? 'RUN'}`],
    exitCode: 1,
    cause,
  });
}
