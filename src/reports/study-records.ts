import { join } from 'node:path';
import type { HeldOutOrder } from '../analysis/held-out.js';
import { loadRecords } from '../analysis/records.js';
import { isJsonObject, type JsonObject } from '../core/json.js';
import type { RunRecord } from '../evaluation/record.js';
import { runFolder } from '../runs/folder.js';
import type { Plan, PlannedJob } from '../sweeps/plan.js';

/** The records of a plan's runs, and what the plan says should be there. */
export interface StudyRecords {
  readonly records: readonly RunRecord[];
  readonly order: Partial<HeldOutOrder>;
  /** Jobs without a record. */
  readonly missing: readonly PlannedJob[];
}

/**
 * Reads the records of a plan's jobs. What a study varies besides model, split, seed and dataset becomes part
 * of the names that tables show (`mlp, learning_rate=0.002`), so that runs that differ are never averaged.
 * `include` leaves out what has a record but no right to be shown: a run that failed since.
 */
export function readStudyRecords(
  plan: Plan,
  resultsFolder: string,
  include: (job: PlannedJob) => boolean = () => true,
): StudyRecords {
  const wanted = plan.jobs.filter(include);
  const paths = wanted.map((job) => join(runFolder(resultsFolder, plan.study, job.run), 'record.json'));
  const loaded = loadRecords(paths);
  const byRun = new Map(loaded.records.map((record) => [record.run, record]));
  const records = wanted.flatMap((job) => {
    const record = byRun.get(job.run);
    return record === undefined ? [] : [{ ...record, labels: { ...record.labels, ...variantLabels(job) } }];
  });
  return {
    records,
    order: planOrder(plan.jobs),
    missing: plan.jobs.filter((job) => !include(job) || !byRun.has(job.run)),
  };
}

/** Names of a job's dataset, split and model as tables show them: with what else the study varies. */
export function variantLabels(job: PlannedJob): Readonly<Record<'dataset' | 'split' | 'model', string>> {
  const extras: Record<'dataset' | 'split' | 'model', string[]> = { dataset: [], split: [], model: [] };
  for (const [key, value] of Object.entries(job.axes)) {
    if (['dataset', 'split', 'model', 'seed'].includes(key)) continue;
    const [section = ''] = key.split(/[./]/);
    const side = section === 'dataset' || section === 'split' ? section : 'model';
    // References are computed from dataset and split alone.
    if (side === 'model' && job.protocol === 'reference') continue;
    extras[side].push(`${key.split(/[./]/).at(-1)}=${value}`);
  }
  const name = (side: 'dataset' | 'split' | 'model', field: string) =>
    [textAt(job.config, side, field), ...extras[side]].join(', ');
  return { dataset: name('dataset', 'name'), split: name('split', 'rule'), model: name('model', 'name') };
}

/** Rows and columns in the order of the plan, also of runs that are not there. */
function planOrder(jobs: readonly PlannedJob[]): Partial<HeldOutOrder> {
  const labels = jobs.map((job) => ({ ...variantLabels(job), reference: job.protocol === 'reference' }));
  const unique = (names: readonly string[]) => [...new Set(names)];
  return {
    datasets: unique(labels.map(({ dataset }) => dataset)),
    splits: unique(labels.map(({ split }) => split)),
    models: unique(labels.filter(({ reference }) => !reference).map(({ model }) => model)),
    references: unique(labels.filter(({ reference }) => reference).map(({ model }) => model)),
  };
}

function textAt(config: JsonObject, section: string, field: string): string {
  const part = config[section];
  const value = isJsonObject(part) ? part[field] : undefined;
  return typeof value === 'string' ? value : '';
}
