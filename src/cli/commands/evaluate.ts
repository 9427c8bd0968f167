import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { ExperimentConfig } from '../../config/index.js';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import { scorePredictions } from '../../evaluation/index.js';
import { readPredictions } from '../../evaluation/predictions-file.js';
import { type RunRecord, readRecord, writeRecord } from '../../evaluation/record.js';
import { listRuns, type RunListing } from '../../runs/list.js';
import { describeHolder } from '../../runs/lock.js';
import { openRun } from '../../runs/run.js';
import type { Arguments } from '../arguments.js';
import { writeLaunch } from '../launch-facts.js';
import { launchJobs } from '../launch-jobs.js';
import { print, printNotice } from '../print.js';
import { composeForOperands, requireOperand, resultsFolder } from '../results.js';
import { readRunSpec } from '../run-spec.js';

/**
 * `evaluate RUN`: predictions and record anew from the checkpoint; with `--metrics-only` the record anew from
 * the predictions. RUN is a run id, the beginning of one, or a run folder.
 */
export async function evaluateAgain(args: Arguments): Promise<ExitCode> {
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const listing = findRun(folder, requireOperand(operands, 'experiment -- evaluate', 'RUN'));
  const code = args.metricsOnly ? await recompute(listing, folder) : await rebuild(listing, folder, args);
  if (code === 0) show(readRecord(listing.paths.record), listing);
  return code;
}

/** In a process of its own, like every job: that is where TensorFlow is. */
async function rebuild({ run, paths }: RunListing, results: string, args: Arguments): Promise<ExitCode> {
  const temporary = mkdtempSync(join(tmpdir(), 'heldout-evaluate-'));
  try {
    const { results: ended, stopped } = await launchJobs({
      jobs: [{ index: 0, run, label: run, folder: paths.folder }],
      words: () => ['evaluate', paths.folder],
      launchFile: writeLaunch(temporary, results, args.line),
      concurrency: 1,
      progress: args.progress,
      total: 1,
      done: 0,
    });
    const { outcome, error, holder } = ended[0]!;
    if (outcome === 'locked') throw lockedError(run, paths.folder, holder ?? 'another process');
    if (error !== undefined) throw new HeldoutError({ ...error, exitCode: 1 });
    return outcome === 'done' ? 0 : stopped ? 130 : 1;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function recompute({ run: id, paths }: RunListing, resultsFolder: string): Promise<ExitCode> {
  const { study, spec } = readRunSpec(paths.folder);
  const opened = openRun({ resultsFolder, study, spec, reopen: true, onWarning: printNotice });
  if (opened.outcome === 'locked') throw lockedError(id, paths.folder, describeHolder(opened.holder));
  if (opened.outcome === 'done') throw new Error(`run ${id} was to be opened again`);
  const { run } = opened;
  try {
    const former = readRecord(paths.record);
    if (former === undefined) {
      throw new HeldoutError({
        code: 'E_RECORD_MISSING',
        message: 'this run has no record whose metrics could be recomputed',
        place: paths.folder,
        hints: [`npm run experiment -- evaluate ${id}`],
        exitCode: 1,
      });
    }
    const table = await readPredictions(paths.predictions, id);
    const { metrics } = (spec.config as unknown as ExperimentConfig).evaluation;
    writeRecord(paths.record, { ...former, rows: scorePredictions(table, metrics) });
    run.finish();
    return 0;
  } catch (error) {
    // What the run had is still there; the study's command repairs what is missing.
    run.interrupt();
    throw error;
  }
}

function lockedError(run: string, folder: string, holder: string): HeldoutError {
  return new HeldoutError({
    code: 'E_RUN_LOCKED',
    message: `run ${run} is in the hands of ${holder}`,
    place: folder,
    hints: ['wait until it has ended'],
    exitCode: 1,
  });
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

function show(record: RunRecord | undefined, { paths }: RunListing): void {
  for (const row of record?.rows.filter(({ group }) => Object.keys(group).length === 0) ?? []) {
    print(`${row.set.padEnd(5)}  ${row.metric.padEnd(4)}  ${row.value.toFixed(4)}  (n = ${row.n})`);
  }
  print(`Record   ${paths.record}`);
}
