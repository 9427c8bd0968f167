import type { RunRecord } from '../evaluation/record.js';
import { rowKey } from './records.js';
import { type Summary, summarize } from './summary.js';

/** A run of a study in which one axis is to be chosen. */
export interface Candidate {
  readonly model: string;
  /** Of the axis, as text. */
  readonly value: string;
  readonly seed: string;
  readonly record: RunRecord;
}

export interface Choice {
  readonly model: string;
  /** Values in the order of the study, each with what was found on the validation set. */
  readonly found: ReadonlyMap<string, Summary>;
  /** The value with the highest mean; of equal ones the first. */
  readonly chosen: string;
}

/**
 * The best value for each model by the mean of a metric on the validation set over its seeds; nothing else of a record
 * is looked at. Models without such a number are left out.
 */
export function selectValues(candidates: readonly Candidate[], metric: string): Choice[] {
  const models = [...new Set(candidates.map(({ model }) => model))];
  return models.flatMap((model): Choice[] => {
    const own = candidates.filter((candidate) => candidate.model === model);
    const found = new Map<string, Summary>();
    for (const value of new Set(own.map((candidate) => candidate.value))) {
      const summary = summarize(
        own.filter((candidate) => candidate.value === value).flatMap(({ record }) => read(record, metric)),
      );
      if (summary !== undefined && Number.isFinite(summary.mean)) found.set(value, summary);
    }
    const [best] = [...found].sort(([, a], [, b]) => b.mean - a.mean);
    return best === undefined ? [] : [{ model, found, chosen: best[0] }];
  });
}

function read({ rows }: RunRecord, metric: string): number[] {
  return rows
    .filter((row) => row.metric === metric && rowKey(row.set, row.group) === 'validation')
    .map(({ value }) => value);
}
