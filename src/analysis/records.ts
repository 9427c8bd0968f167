import { type RunRecord, readRecord } from '../evaluation/record.js';

/**
 * Reads the record files that are there, sorted by run id, so that nothing downstream depends on the order
 * of reading. Throws HeldoutError on a damaged one.
 */
export function loadRecords(paths: readonly string[]): RunRecord[] {
  const records = paths.flatMap((path) => readRecord(path) ?? []);
  return records.sort((a, b) => (a.run < b.run ? -1 : a.run > b.run ? 1 : 0));
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
