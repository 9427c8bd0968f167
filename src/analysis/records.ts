import type { RecordRow } from '../evaluation/predictions.js';
import { type RunRecord, readRecord } from '../evaluation/record.js';

export interface LoadedRecords {
  /** Sorted by run id, so that nothing downstream depends on the order of reading. */
  readonly records: readonly RunRecord[];
  /** Paths at which there is no record. */
  readonly missing: readonly string[];
}

/** Reads record files. Throws HeldoutError on a damaged one. */
export function loadRecords(paths: readonly string[]): LoadedRecords {
  const records: RunRecord[] = [];
  const missing: string[] = [];
  for (const path of paths) {
    const record = readRecord(path);
    if (record === undefined) missing.push(path);
    else records.push(record);
  }
  records.sort((a, b) => (a.run < b.run ? -1 : a.run > b.run ? 1 : 0));
  return { records, missing };
}

/** One number of one run with everything to group it by. */
export interface LongRow extends RecordRow {
  readonly run: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function listRows(records: readonly RunRecord[]): LongRow[] {
  return records.flatMap(({ run, labels, rows }) =>
    rows.map(({ set, metric, group, value, n }) => ({ run, labels, set, metric, group, value, n })),
  );
}

/** Items by key, in the order of first appearance; those whose key is undefined are left out. */
export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | undefined,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** `test held=scale target=x`: one text per set and group, whatever the order of the keys. */
export function rowKey(set: string, group: Readonly<Record<string, string>>): string {
  const names = Object.keys(group);
  if (names.length > 1) names.sort();
  let key = set;
  for (const name of names) key += ` ${name}=${group[name]}`;
  return key;
}

/** Values of one metric of a run by `rowKey`. */
export function indexValues(record: RunRecord, metric: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const row of record.rows) {
    if (row.metric === metric) values.set(rowKey(row.set, row.group), row.value);
  }
  return values;
}
