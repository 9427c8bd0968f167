import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parse } from 'yaml';
import type { ExperimentConfig } from '../../config/index.js';
import { formatDuration } from '../../core/clock.js';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import type { JobEvent } from '../../core/events.js';
import type { JsonObject } from '../../core/json.js';
import { projectRoot } from '../../core/paths.js';
import { scorePredictions } from '../../evaluation/index.js';
import { readPredictions } from '../../evaluation/predictions-file.js';
import { type RunRecord, readRecord, writeRecord } from '../../evaluation/record.js';
import { watchSignals } from '../../launchers/signals.js';
import { captureEnvironment } from '../../runs/environment.js';
import { listRuns, type RunListing } from '../../runs/list.js';
import { describeHolder } from '../../runs/lock.js';
import { openRun, type RunHandle } from '../../runs/run.js';
import type { Arguments } from '../arguments.js';
import { dataFolderOf } from '../data-folder.js';
import { print, printNotice } from '../print.js';
import { composeForOperands, requireOperand, resultsFolder } from '../results.js';

/**
 * `evaluate RUN`: predictions and record anew from the checkpoint; with `--metrics-only` the record anew from
 * the predictions. RUN is a run id, the beginning of one, or a run folder.
 */
export async function evaluateAgain(args: Arguments): Promise<ExitCode> {
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const listing = findRun(folder, requireOperand(operands, 'experiment -- evaluate', 'RUN'));
  const config = parse(readFileSync(listing.paths.resolved, 'utf8')) as JsonObject;
  const opened = openRun({
    resultsFolder: resolve(listing.paths.folder, '..', '..', '..'),
    study: listing.study,
    spec: readSpec(listing, config),
    reopen: true,
    onWarning: printNotice,
  });
  if (opened.outcome !== 'open') {
    const holder = opened.outcome === 'locked' ? describeHolder(opened.holder) : 'another process';
    throw new HeldoutError({
      code: 'E_RUN_LOCKED',
      message: `run ${listing.run} is in the hands of ${holder}`,
      place: listing.paths.folder,
      hints: ['wait until it has ended'],
      exitCode: 1,
    });
  }
  const { run } = opened;
  try {
    const done = args.metricsOnly ? await recompute(run, config) : await rebuild(run, config, args);
    if (!done) {
      run.interrupt();
      return 130;
    }
    run.finish();
  } catch (error) {
    // What the run had is still there; the study's command repairs what is missing.
    run.interrupt();
    throw error;
  }
  show(readRecord(listing.paths.record), listing);
  return 0;
}

async function rebuild(run: RunHandle, config: JsonObject, args: Arguments): Promise<boolean> {
  const { evaluateRun } = await import('../../protocols/index.js');
  const signals = watchSignals();
  const typed = config as unknown as ExperimentConfig;
  try {
    const end = await evaluateRun({
      config: typed,
      run,
      environment: captureEnvironment(projectRoot(), ['npm', 'run', 'experiment', '--', ...args.line]),
      dataFolder: dataFolderOf(typed),
      signal: signals.stop,
      emit: reportProgress,
    });
    return end.outcome === 'finished';
  } finally {
    signals.dispose();
  }
}

async function recompute(run: RunHandle, config: JsonObject): Promise<boolean> {
  const former = readRecord(run.paths.record);
  if (former === undefined) {
    throw new HeldoutError({
      code: 'E_RECORD_MISSING',
      message: 'this run has no record whose metrics could be recomputed',
      place: run.paths.folder,
      hints: [`npm run experiment -- evaluate ${run.id}`],
      exitCode: 1,
    });
  }
  const table = await readPredictions(run.paths.predictions, run.id);
  const { metrics } = (config as unknown as ExperimentConfig).evaluation;
  writeRecord(run.paths.record, { ...former, rows: scorePredictions(table, metrics) });
  return true;
}

function reportProgress(event: JobEvent): void {
  if (event.type === 'progress') {
    const left = formatDuration((event.total - event.done) / event.rate);
    printNotice(`${event.stage} ${event.done}/${event.total}, ${left} left`);
  }
}

function findRun(folder: string, name: string): RunListing {
  const id = existsSync(name) ? basename(resolve(name)) : name;
  const runs = listRuns(folder).filter(({ run }) => run.startsWith(id));
  const [run] = runs;
  if (run !== undefined && runs.length === 1) return run;
  const all = listRuns(folder);
  throw new HeldoutError({
    code: 'E_RUN_UNKNOWN',
    message:
      run === undefined ? `there is no run '${name}'` : `'${name}' is the beginning of ${runs.length} runs`,
    place: folder,
    hints: [
      ...(runs.length > 1
        ? [
            `one of ${runs
              .slice(0, 8)
              .map((each) => each.run)
              .join(', ')}`,
          ]
        : []),
      all.length === 0 ? 'nothing was run yet' : 'npm run experiment -- status STUDY lists the runs',
    ],
  });
}

/** What the run folder says it is, kept as it was. */
function readSpec({ run, paths }: RunListing, config: JsonObject) {
  return {
    run,
    config,
    composed: parse(readFileSync(paths.config, 'utf8')) as JsonObject,
    overrides: readFileSync(paths.overrides, 'utf8').split('\n').filter(Boolean),
    provenance: JSON.parse(readFileSync(paths.provenance, 'utf8')) as JsonObject,
  };
}

function show(record: RunRecord | undefined, { paths }: RunListing): void {
  for (const row of record?.rows.filter(({ group }) => Object.keys(group).length === 0) ?? []) {
    print(`${row.set.padEnd(5)}  ${row.metric.padEnd(4)}  ${row.value.toFixed(4)}  (n = ${row.n})`);
  }
  print(`Record   ${paths.record}`);
}
