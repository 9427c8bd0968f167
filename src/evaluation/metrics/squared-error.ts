import type { PredictionsTable, RecordRow } from '../predictions.js';

/** What a metric makes of one target's mean squared error; undefined where it has no value. */
export type Score = (target: string, meanSquaredError: number) => number | undefined;

interface Bucket {
  readonly set: string;
  /** Name of the one held-out variable of a sub-split; absent for a whole set. */
  readonly held?: string;
  readonly sums: Float64Array;
  count: number;
}

/**
 * Rows of a metric that is a function of each target's mean squared error. Groups:
 *
 * | group                            | examples of the set          | value                                  |
 * |----------------------------------|------------------------------|----------------------------------------|
 * | `{}`                             | all                          | mean over targets                      |
 * | `{target: t}`                    | all                          | target t                               |
 * | `{held: j, target: t}`           | E_j: only j has a held value | target t                               |
 * | `{held: j, targets: 'in'}`       | E_j                          | mean over the targets other than j     |
 * | `{held: j, targets: 'out'}`      | E_j                          | target j                               |
 * | `{held: 'one', targets: 'in'}`   | all E_j                      | mean over j of the 'in' value          |
 * | `{held: 'one', targets: 'out'}`  | all E_j                      | mean over j of the 'out' value         |
 *
 * E_j as in Schott et al. 2022, section 5 (modularity). A group without examples has no row.
 */
export function scoreSquaredErrors(table: PredictionsTable, metric: string, score: Score): RecordRow[] {
  const targets = Object.keys(table.targets);
  const rows: RecordRow[] = [];
  const inside: RecordRow[] = [];
  const outside: RecordRow[] = [];
  for (const bucket of fillBuckets(table, targets)) {
    if (bucket.count === 0) continue;
    const { set, held, count: n } = bucket;
    const label = held === undefined ? {} : { held };
    const values = new Map<string, number>();
    for (const [index, target] of targets.entries()) {
      const value = score(target, bucket.sums[index]! / n);
      if (value !== undefined) values.set(target, value);
    }
    const add = (group: Record<string, string>, value: number | undefined): RecordRow | undefined => {
      if (value === undefined) return undefined;
      const row = { set, metric, group: { ...label, ...group }, value, n };
      rows.push(row);
      return row;
    };
    if (held === undefined) add({}, mean([...values.values()]));
    for (const [target, value] of values) add({ target }, value);
    if (held === undefined) continue;
    const others = [...values].filter(([target]) => target !== held).map(([, value]) => value);
    const inRow = add({ targets: 'in' }, mean(others));
    const outRow = add({ targets: 'out' }, values.get(held));
    if (inRow !== undefined) inside.push(inRow);
    if (outRow !== undefined) outside.push(outRow);
  }
  for (const [targetsLabel, parts] of [['in', inside] as const, ['out', outside] as const]) {
    const value = mean(parts.map((row) => row.value));
    if (value === undefined) continue;
    const n = parts.reduce((sum, row) => sum + row.n, 0);
    rows.push({ set: 'test', metric, group: { held: 'one', targets: targetsLabel }, value, n });
  }
  return rows;
}

function fillBuckets(table: PredictionsTable, targets: readonly string[]): Bucket[] {
  const makeBucket = (set: string, held?: string): Bucket => ({
    set,
    ...(held === undefined ? {} : { held }),
    sums: new Float64Array(targets.length),
    count: 0,
  });
  const sets = new Map([...new Set(['train', ...table.set])].map((set) => [set, makeBucket(set)]));
  const subSplits = new Map(
    Object.keys(table.variables)
      .filter((name) => (table.context.held[name]?.length ?? 0) > 0)
      .map((name) => [name, makeBucket('test', name)]),
  );
  const columns = targets.map((target) => [table.targets[target]!, table.predictions[target]!] as const);
  for (let row = 0; row < table.example.length; row += 1) {
    const set = table.set[row]!;
    const bucket = sets.get(set)!;
    // `held` joins several names by `+`, so only rows with exactly one held variable find a sub-split.
    const subSplit = set === 'test' ? subSplits.get(table.held[row]!) : undefined;
    bucket.count += 1;
    if (subSplit !== undefined) subSplit.count += 1;
    for (let index = 0; index < columns.length; index += 1) {
      const [truth, prediction] = columns[index]!;
      const error = prediction[row]! - truth[row]!;
      bucket.sums[index]! += error * error;
      if (subSplit !== undefined) subSplit.sums[index]! += error * error;
    }
  }
  return [...sets.values(), ...subSplits.values()];
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
