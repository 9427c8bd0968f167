import { relative } from 'node:path';
import type { ExitCode } from '../../core/errors.js';
import type { FailureReport } from '../../core/events.js';
import { projectRoot } from '../../core/files/paths.js';
import type { JobResult } from '../../launchers/launcher.js';
import { explainLacks, writeStudyFigures } from '../../reports/figures/study-figures.js';
import { readStudyRecords, type StudyRecords } from '../../reports/records/study-records.js';
import { type ReportChoice, readReportChoice } from '../../reports/report-choice.js';
import { writeStudyTables } from '../../reports/tables/study-tables.js';
import type { Plan } from '../../sweeps/plan.js';
import { describeFailed, type PlanStatus, planStatus } from '../../sweeps/plan-status.js';
import { renderers } from '../../tables/index.js';
import type { Table } from '../../tables/table.js';
import { quoteForShell } from '../arguments/shell.js';
import { experimentFile } from '../experiment-file.js';
import { print, printNotice } from './print.js';
import { sampleSplitImages } from './split-images.js';

/** Tables and figures of what is done, then what is not: exit code 0 only when everything is. */
export async function reportStudy(options: {
  readonly plan: Plan;
  readonly resultsFolder: string;
  /** Whether someone asked the launch to stop. */
  readonly stopped: boolean;
  /** How the jobs of the launch ended: what could not be written to a run folder is said from here. */
  readonly results: readonly JobResult[];
}): Promise<ExitCode> {
  const { plan, resultsFolder, stopped } = options;
  const status = addErrors(planStatus(plan, resultsFolder), options.results);
  if (!stopped || status.counts.done === status.jobs.length) {
    try {
      const study = doneRecords(plan, status, resultsFolder);
      const choice = reportChoice(plan);
      await showTables(plan, resultsFolder, study, choice.tables);
      await showFigures(plan, resultsFolder, study, choice.figures);
    } catch (error) {
      concludeStudy(status, stopped);
      throw error;
    }
  }
  return concludeStudy(status, stopped);
}

/** The errors of jobs that could not leave them in their run folders. */
function addErrors(status: PlanStatus, results: readonly JobResult[]): PlanStatus {
  const errors = new Map(results.map(({ job, error }) => [job.run, error]));
  const jobs = status.jobs.map((each) => {
    const error = each.state === 'done' ? undefined : (each.error ?? errors.get(each.job.run));
    return error === undefined ? each : { ...each, error };
  });
  return { ...status, jobs };
}

export function doneRecords(plan: Plan, status: PlanStatus, resultsFolder: string): StudyRecords {
  const done = new Set(status.jobs.filter(({ state }) => state === 'done').map(({ job }) => job.run));
  return readStudyRecords(plan, resultsFolder, (job) => done.has(job.run));
}

/** What `figures.yaml` beside the study's experiment names. Throws HeldoutError when it names what is not there. */
export function reportChoice({ study }: Plan): ReportChoice {
  const file = experimentFile(study, 'figures.yaml');
  return readReportChoice(file, shorten(file));
}

/** Rows from which on a table is for a file, unless it is asked for. */
const longTable = 150;

/** Writes and prints tables; `part`: they were asked for by name, and are not all tables of the study. */
export async function showTables(
  plan: Plan,
  resultsFolder: string,
  study: StudyRecords,
  names: ReportChoice['tables'],
  { part = false } = {},
): Promise<void> {
  if (study.records.length === 0) {
    print('\nNo run is done yet, so there are no tables.');
    return;
  }
  const { tables, folder } = await writeStudyTables(plan.name, resultsFolder, study, { names, whole: !part });
  printTables(tables, folder, { part });
}

/** Prints tables, the long ones by their files alone unless they were asked for by name, and where they are. */
export function printTables(tables: readonly Table[], folder: string, { part = false } = {}): void {
  if (tables.length === 0) return;
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  for (const table of tables) {
    if (!part && table.rows.length > longTable) {
      const path = `${quoteForShell(shorten(folder))}/${table.name}.txt`;
      print(`\n${table.title}: ${table.rows.length.toLocaleString('en')} rows, in ${path}`);
    } else print(`\n${renderers.txt(table, width === undefined ? {} : { width })}`);
  }
  print(
    `\nTables   ${quoteForShell(shorten(folder))}/${oneOf(tables.map((table) => table.name))}.${oneOf(Object.keys(renderers))}`,
  );
}

/** Draws figures and prints where they are; `part`: they are not all figures of the study. */
export async function showFigures(
  plan: Plan,
  resultsFolder: string,
  study: StudyRecords,
  names: ReportChoice['figures'],
  { part = false } = {},
): Promise<void> {
  const options = {
    plan,
    resultsFolder,
    study,
    names,
    whole: !part,
    splitImages: sampleSplitImages,
    build: process.env.HELDOUT_BUILD?.split('/').at(-1) ?? '',
  };
  const { folder, files } = await writeStudyFigures(options);
  printFigures(files, folder);
  for (const page of files.filter((file) => file.endsWith('.html'))) {
    print(`Page     ${quoteForShell(shorten(page))}`);
  }
  if (study.records.length === 0) return;
  for (const [lack, lacking] of explainLacks(options)) {
    // What a study can never have is said only to who asks for it.
    if (part || lack.includes('npm run')) printNotice(`Figures  for ${lacking.join(', ')}: ${lack}`);
  }
}

/** Prints where figures are. */
export function printFigures(files: readonly string[], folder: string): void {
  const drawn = files
    .filter((file) => file.endsWith('.svg'))
    .map((file) => relative(folder, file).replace(/\.svg$/, ''));
  if (drawn.length > 0) print(`Figures  ${quoteForShell(shorten(folder))}/${oneOf(drawn)}.{svg,png}`);
}

/** Damage that is named before `status` has to be asked. */
const namedNotes = 3;

/** Why a command that only reads ends with exit code 1: runs that are not done, and what says which. */
export function tellUnfinished(plan: Plan, { jobs, counts }: PlanStatus): ExitCode {
  const left = jobs.length - counts.done;
  if (left === 0) return 0;
  const [verb, whose] = left === 1 ? ['is', 'its'] : ['are', 'their'];
  const notes = jobs.flatMap(({ job, state, note }) =>
    state === 'queued' && note !== undefined ? [`\n${job.label} (${job.run}): ${note}`] : [],
  );
  for (const note of notes.slice(0, namedNotes)) printNotice(note);
  printNotice(
    `\n${left} of ${jobs.length} runs ${verb} not done, so ${whose} numbers are missing; the study's own command runs what is left.\n  → npm run experiment -- status ${plan.name}`,
  );
  return 1;
}

function concludeStudy(status: PlanStatus, stopped: boolean): ExitCode {
  const left = status.jobs.filter(({ state }) => state !== 'done');
  const failed = left.filter(({ state }) => state === 'failed');
  for (const { job, error, folder } of failed) {
    printNotice(
      `\nfailed: ${job.label} (${job.run}): ${describeError(error)}\n  → log: ${shorten(folder)}/log.txt`,
    );
  }
  for (const { job, note } of left.filter(({ state }) => state === 'running')) {
    printNotice(`\nrunning elsewhere: ${job.label} (${job.run}) is in the hands of ${note}`);
  }
  const waiting = left.filter(({ state }) => state === 'queued' || state === 'interrupted');
  for (const { job, state, error } of waiting.filter(({ error }) => error !== undefined)) {
    const what = state === 'queued' ? 'not begun' : state;
    printNotice(`\n${what}: ${job.label} (${job.run}): ${describeError(error)}`);
  }
  if (left.length === 0) return 0;
  const summary = [
    `${status.counts.done} of ${status.jobs.length} done`,
    ...describeFailed(status, 'failed'),
    ...(waiting.length > 0 ? [`${waiting.length} left: type the same command again to continue`] : []),
    ...(status.counts.running > 0
      ? [`${status.counts.running} running elsewhere: type the same command again when they have ended`]
      : []),
  ];
  printNotice(`\n${summary.join(', ')}.`);
  return stopped ? 130 : 1;
}

function describeError(error: FailureReport | undefined): string {
  if (error === undefined) return 'no reason was left';
  return [error.message, ...error.hints.map((hint) => `  → ${hint}`)].join('\n');
}

/** A shell takes braces around a single name literally. */
function oneOf(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `{${names.join(',')}}`;
}

function shorten(path: string): string {
  const short = relative(projectRoot(), path);
  return short.startsWith('..') ? path : short;
}
