import { createHash, type Hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { timestamp } from '../core/clock.js';
import {
  appendLine,
  readBytesIfThere,
  readTextIfThere,
  truncateFile,
  writeFileAtomic,
} from '../core/files/files.js';
import { isJsonObject } from '../core/json.js';

/** Numbers and texts of one moment of a run. */
export type MetricRecord = Readonly<Record<string, number | string | boolean | null>>;

/** The beginning of a log, up to some record: kept in a checkpoint to continue from there. */
export interface MetricsMark {
  readonly bytes: number;
  readonly sha256: string;
}

export interface MetricsLog {
  /** Adds a record, with the current time as its field `time`. */
  append(record: MetricRecord): void;
  /** Everything appended so far. */
  mark(): MetricsMark;
}

/** Fields in which two runs of the same config may differ. */
export const timeFields: readonly string[] = ['time', 'seconds', 'rate'];

export const emptyMark: MetricsMark = { bytes: 0, sha256: createHash('sha256').digest('hex') };

/**
 * Continues a log after `mark`: what stands behind it, a torn last line included, is cut off, so that the
 * log equals that of a run that never stopped but for `timeFields`. The mark must hold (`isMarkIntact`).
 */
export function openMetricsLog(path: string, mark: MetricsMark): MetricsLog {
  const hash = createHash('sha256');
  let bytes = mark.bytes;
  if (mark.bytes === 0) writeFileAtomic(path, '');
  else {
    hash.update(readFileSync(path).subarray(0, mark.bytes));
    truncateFile(path, mark.bytes);
  }
  return {
    append(record) {
      const line = JSON.stringify({ ...nameNonFinite(record), time: timestamp() });
      appendLine(path, line);
      hash.update(`${line}\n`);
      bytes += Buffer.byteLength(line) + 1;
    },
    mark: () => ({ bytes, sha256: digestSoFar(hash) }),
  };
}

/** Whether the file still begins with what the mark was made of. */
export function isMarkIntact(path: string, mark: MetricsMark): boolean {
  const bytes = readBytesIfThere(path) ?? Buffer.alloc(0);
  if (bytes.length < mark.bytes) return false;
  return createHash('sha256').update(bytes.subarray(0, mark.bytes)).digest('hex') === mark.sha256;
}

/** The records of a log; a last line without its end is left out. Numbers that JSON lacks come back. */
export function readMetrics(path: string): readonly MetricRecord[] {
  const lines = (readTextIfThere(path) ?? '').split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    const record = parseRecord(line);
    return record === undefined ? [] : [record];
  });
}

/** A record without the fields in which two runs of the same config may differ. */
export function withoutTimes(record: MetricRecord): MetricRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !timeFields.includes(name)));
}

const nonFinite: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function nameNonFinite(record: MetricRecord): MetricRecord {
  const named = Object.entries(record).map(([name, value]) => [
    name,
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  ]);
  return Object.fromEntries(named);
}

function parseRecord(line: string): MetricRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isJsonObject(value)) return undefined;
    const restored = Object.entries(value).map(([name, item]) => [
      name,
      typeof item === 'string' && Object.hasOwn(nonFinite, item) ? nonFinite[item] : item,
    ]);
    return Object.fromEntries(restored);
  } catch {
    return undefined;
  }
}

function digestSoFar(hash: Hash): string {
  return hash.copy().digest('hex');
}
