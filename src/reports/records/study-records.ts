import { join } from 'node:path';
import type { HeldOutOrder } from '../../analysis/held-out.js';
import { loadRecords } from '../../analysis/records.js';
import type { Comparisons } from '../../config/index.js';
import { readPruning } from '../../evaluation/circuits/pruning.js';
import type { RunRecord } from '../../evaluation/record.js';
import { runFolder, runPaths } from '../../runs/folder.js';
import type { Plan, PlannedJob } from '../../sweeps/plan.js';
import type { DomainStudy } from '../../tables/domainbed/selected.js';
import type { GroupRun } from '../../tables/groups.js';
import { analyseStudy } from '../transfer/study-transfer.js';
import type { TransferReport } from '../transfer/transfer-report.js';
import { type DomainRun, readDomainRuns } from './domain-records.js';
import { readCosts } from './study-costs.js';
import { type FairnessStudy, readFairness } from './study-fairness.js';
import { readGroups } from './study-groups.js';

/** The records of a plan's runs, and what the plan says should be there. */
export interface StudyRecords {
  readonly records: readonly RunRecord[];
  /** The jobs that these are the records of. */
  readonly jobs: readonly PlannedJob[];
  /** Rows and columns in the order of the plan, also of runs that are not there. */
  readonly order: Omit<HeldOutOrder, 'targets'>;
  /** What the plan says that the study compares. */
  readonly comparisons: Comparisons | undefined;
  /** What the plan says that errors on corrupted images are multiples of. */
  readonly corruptionBaseline?: string | undefined;
  /** Whether every job of the plan has one. */
  readonly complete: boolean;
  /** The records with what their runs cost, which is read from further files. */
  withCosts(): readonly RunRecord[];
  /** What follows from the predictions of the runs for groups of people. */
  groups(): Promise<readonly GroupRun[]>;
  /** Trainings by DomainBed's protocol. */
  domains(): readonly DomainStudy[];
  /** The arms of a study of fairness, with their predictions. */
  fairness(): Promise<readonly FairnessStudy[]>;
  /** Runs that were trained on one environment each, analysed; undefined where none was. */
  transfer(): Promise<TransferReport | undefined>;
}

/**
 * Reads the records of a plan's jobs, under the labels of the plan, with what was measured of pruned circuits. `include`
 * leaves out what has a record but no right to be shown: a run that failed since.
 */
export function readStudyRecords(
  plan: Plan,
  resultsFolder: string,
  include: (job: PlannedJob) => boolean = () => true,
): StudyRecords {
  const wanted = plan.jobs.filter(include);
  const paths = wanted.map((job) => join(runFolder(resultsFolder, plan.study, job.run), 'record.json'));
  const byRun = new Map(loadRecords(paths).map((record) => [record.run, record]));
  const jobs = wanted.filter(({ run }) => byRun.has(run));
  const records = jobs.map(({ run, labels }) => {
    const record = byRun.get(run)!;
    const { pruning } = runPaths(runFolder(resultsFolder, plan.study, run));
    const pruned = readPruning(pruning, run)?.rows ?? [];
    return { ...record, labels: { ...record.labels, ...labels }, rows: [...record.rows, ...pruned] };
  });
  let fairness: Promise<readonly FairnessStudy[]> | undefined;
  let transfer: Promise<TransferReport | undefined> | undefined;
  const readOnce = () => {
    // Several figures are drawn from the same predictions.
    fairness ??= readFairness(plan, resultsFolder, jobs);
    return fairness;
  };
  return {
    records,
    jobs,
    order: planOrder(plan.jobs),
    comparisons: planComparisons(plan),
    corruptionBaseline: planBaseline(plan),
    complete: records.length === plan.jobs.length,
    withCosts: () =>
      records.map((record) => {
        const paths = runPaths(runFolder(resultsFolder, plan.study, record.run));
        return { ...record, rows: [...record.rows, ...readCosts(paths)] };
      }),
    groups: () => readGroups(plan, resultsFolder, jobs),
    domains: () => gatherDomains(readDomainRuns(plan, resultsFolder, jobs)),
    fairness: readOnce,
    transfer: () => {
      transfer ??= analyseStudy(plan, resultsFolder, jobs, records);
      return transfer;
    },
  };
}

/** A study per dataset. */
function gatherDomains(runs: readonly DomainRun[]): readonly DomainStudy[] {
  const datasets = [...new Set(runs.map(({ dataset }) => dataset))];
  return datasets.map((dataset) => {
    const own = runs.filter((run) => run.dataset === dataset);
    return {
      dataset,
      environments: own[0]!.environments,
      records: own.flatMap(({ records }) => records),
    };
  });
}

function planOrder(jobs: readonly PlannedJob[]): StudyRecords['order'] {
  const list = (label: 'dataset' | 'split' | 'model', from = jobs) => [
    ...new Set(from.map(({ labels }) => labels[label])),
  ];
  const isReference = ({ protocol }: PlannedJob) => protocol === 'reference';
  return {
    datasets: list('dataset'),
    splits: list('split'),
    models: list(
      'model',
      jobs.filter((job) => !isReference(job)),
    ),
    references: list('model', jobs.filter(isReference)),
  };
}

function planComparisons({ jobs }: Plan): Comparisons | undefined {
  const study = jobs[0]?.config.study as { readonly comparisons?: Comparisons | null } | undefined;
  return study?.comparisons ?? undefined;
}

function planBaseline({ jobs }: Plan): string | undefined {
  const study = jobs[0]?.config.study as { readonly corruption_baseline?: string } | undefined;
  return study?.corruption_baseline;
}
