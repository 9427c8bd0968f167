import {
  allCorruptions,
  corruptedPrefix,
  isCorruptedRow,
  noCorruption,
} from '../evaluation/corrupted-rows.js';
import type { RecordRow } from '../evaluation/predictions.js';
import { rowKey } from './records.js';

/** What some runs were scored on. */
export interface CorruptedSets {
  /** `corrupted_accuracy`, whose error is what it lacks to 1; `corrupted_mse` where nothing has classes. */
  readonly metric: string;
  readonly sets: readonly string[];
  /** In the order of the records. */
  readonly kinds: readonly string[];
  /** Ascending. */
  readonly severities: readonly number[];
}

/** Values of a run by `rowKey`. */
type Values = ReadonlyMap<string, number>;

const accuracy = `${corruptedPrefix}accuracy`;

/** Undefined where no row is of corrupted images with an error. */
export function listCorrupted(rows: readonly RecordRow[]): CorruptedSets | undefined {
  const corrupted = rows.filter(isCorruptedRow);
  const metric = corrupted.some((row) => row.metric === accuracy) ? accuracy : `${corruptedPrefix}mse`;
  const own = corrupted.filter((row) => row.metric === metric);
  const list = (read: (row: RecordRow) => string) => [...new Set(own.map(read))];
  const kinds = list(({ group }) => group.corruption!).filter(
    (kind) => kind !== noCorruption && kind !== allCorruptions,
  );
  if (kinds.length === 0) return undefined;
  const severities = list(({ group }) => group.severity!).map(Number);
  return {
    metric,
    sets: list(({ set }) => set),
    kinds,
    severities: severities.filter((severity) => severity > 0).sort((a, b) => a - b),
  };
}

/** The error of a run on a set; severity 0 is that on the images as they are. */
export function errorAt(
  { metric }: CorruptedSets,
  run: Values,
  set: string,
  kind: string,
  severity: number,
): number | undefined {
  const corruption = severity === 0 ? noCorruption : kind;
  const value = run.get(rowKey(set, { corruption, severity: String(severity) }));
  return value === undefined || metric !== accuracy ? value : 1 - value;
}

/** Mean over the severities that there are of a kind. */
export function errorOfKind(of: CorruptedSets, run: Values, set: string, kind: string): number | undefined {
  return mean(of.severities.flatMap((severity) => errorAt(of, run, set, kind, severity) ?? []));
}

/** Mean corruption error, as it is: the mean over kinds of their errors. */
export function meanError(of: CorruptedSets, run: Values, set: string): number | undefined {
  return mean(of.kinds.flatMap((kind) => errorOfKind(of, run, set, kind) ?? []));
}

/** Mean over the kinds that there are at a severity. */
export function errorOfSeverity(
  of: CorruptedSets,
  run: Values,
  set: string,
  severity: number,
): number | undefined {
  return mean(of.kinds.flatMap((kind) => errorAt(of, run, set, kind, severity) ?? []));
}

/**
 * Corruption errors in multiples of those of a baseline, the mean of whose runs counts (Hendrycks and Dietterich 2019,
 * section 4.2): `corruption` of the errors themselves, `relative` of what they have beyond those on clean images. Kinds in which
 * the baseline makes no error, or none beyond, have none.
 */
export function errorsAgainst(of: CorruptedSets, run: Values, baseline: readonly Values[], set: string) {
  const average = (read: (values: Values) => number | undefined) =>
    mean(baseline.flatMap((values) => read(values) ?? []));
  const clean = (values: Values) => errorAt(of, values, set, noCorruption, 0);
  const [own, theirs] = [clean(run), average(clean)];
  const kinds = of.kinds.map((kind) => {
    const [error, based] = [
      errorOfKind(of, run, set, kind),
      average((values) => errorOfKind(of, values, set, kind)),
    ];
    if (error === undefined || based === undefined) return { kind };
    const beyond =
      own === undefined || theirs === undefined ? undefined : divide(error - own, based - theirs);
    return { kind, corruption: divide(error, based), relative: beyond };
  });
  return {
    kinds,
    corruption: mean(kinds.flatMap(({ corruption }) => corruption ?? [])),
    relative: mean(kinds.flatMap(({ relative }) => relative ?? [])),
  };
}

function divide(value: number, by: number): number | undefined {
  // What two equal errors differ by is rounding.
  return by > 1e-9 ? value / by : undefined;
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
