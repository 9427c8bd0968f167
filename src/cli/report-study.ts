import { relative } from 'node:path';
import type { ExitCode } from '../core/errors.js';
import { projectRoot } from '../core/paths.js';
import { writeStudyFigures } from '../reports/study-figures.js';
import { readStudyRecords, type StudyRecords } from '../reports/study-records.js';
import { writeStudyTables } from '../reports/study-tables.js';
import type { Plan } from '../sweeps/plan.js';
import { type PlanStatus, planStatus } from '../sweeps/plan-status.js';
import { renderers } from '../tables/index.js';
import { print, printNotice } from './print.js';
import { sampleSplitImages } from './split-images.js';

/** Tables and figures of what is done, then what is not: exit code 0 only when everything is. */
export async function reportStudy(options: {
  readonly plan: Plan;
  readonly resultsFolder: string;
  readonly stopped: boolean;
}): Promise<ExitCode> {
  const { plan, resultsFolder, stopped } = options;
  const status = planStatus(plan, resultsFolder);
  if (!stopped) {
    try {
      const study = doneRecords(plan, status, resultsFolder);
      showTables(plan.name, resultsFolder, study);
      await showFigures(plan, resultsFolder, study);
    } catch (error) {
      concludeStudy(status, stopped);
      throw error;
    }
  }
  return concludeStudy(status, stopped);
}

export function doneRecords(plan: Plan, status: PlanStatus, resultsFolder: string): StudyRecords {
  const done = new Set(status.jobs.filter(({ state }) => state === 'done').map(({ job }) => job.run));
  return readStudyRecords(plan, resultsFolder, (job) => done.has(job.run));
}

export function showTables(name: string, resultsFolder: string, study: StudyRecords): void {
  const { tables, folder } = writeStudyTables(name, resultsFolder, study);
  if (tables.length === 0) {
    print('\nNo run is done yet, so there are no tables.');
    return;
  }
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  for (const table of tables) print(`\n${renderers.txt(table, width === undefined ? {} : { width })}`);
  print(
    `\nTables   ${shorten(folder)}/{${tables.map((table) => table.name).join(',')}}.{${Object.keys(renderers).join(',')}}`,
  );
}

export async function showFigures(plan: Plan, resultsFolder: string, study: StudyRecords): Promise<void> {
  const { folder, files } = await writeStudyFigures({
    plan,
    resultsFolder,
    study,
    splitImages: sampleSplitImages,
    build: process.env.HELDOUT_BUILD?.split('/').at(-1) ?? '',
  });
  if (files.length > 0) {
    const names = files
      .filter((file) => file.endsWith('.svg'))
      .map((file) => relative(folder, file).replace(/\.svg$/, ''));
    print(`Figures  ${shorten(folder)}/{${names.join(',')}}.{svg,png}`);
  }
}

function concludeStudy(status: PlanStatus, stopped: boolean): ExitCode {
  const left = status.jobs.filter(({ state }) => state !== 'done');
  const failed = left.filter(({ state }) => state === 'failed');
  for (const { job, error, folder } of failed) {
    const hints = (error?.hints ?? []).map((hint) => `\n  → ${hint}`).join('');
    printNotice(
      `\nfailed: ${job.label} (${job.run}): ${error?.message ?? 'no reason was left'}${hints}\n  → log: ${shorten(folder)}/log.txt`,
    );
  }
  for (const { job, note } of left.filter(({ state }) => state === 'running')) {
    printNotice(`\nrunning elsewhere: ${job.label} (${job.run}) is in the hands of ${note}`);
  }
  const waiting = left.filter(({ state }) => state === 'queued' || state === 'interrupted');
  for (const { job, error } of waiting.filter(({ error }) => error !== undefined)) {
    printNotice(`\ninterrupted: ${job.label} (${job.run}): ${error?.message}`);
  }
  if (left.length === 0) return 0;
  const summary = [
    `${status.counts.done} of ${status.jobs.length} done`,
    ...(failed.length > 0 ? [`${failed.length} failed (--retry-failed runs them again)`] : []),
    ...(waiting.length > 0 ? [`${waiting.length} left: type the same command again to continue`] : []),
    ...(status.counts.running > 0
      ? [`${status.counts.running} running elsewhere: type the same command again when they have ended`]
      : []),
  ];
  printNotice(`\n${summary.join(', ')}.`);
  return stopped ? 130 : 1;
}

function shorten(path: string): string {
  const short = relative(projectRoot(), path);
  return short.startsWith('..') ? path : short;
}
