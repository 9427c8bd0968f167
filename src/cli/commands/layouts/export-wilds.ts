import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { groupBy } from '../../../analysis/records.js';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import { writeFileAtomic } from '../../../core/files/files.js';
import { canonicalJson, isJsonObject } from '../../../core/json.js';
import { readPredictions } from '../../../evaluation/predictions-file.js';
import { readWildsSets, type WildsSet } from '../../../evaluation/wilds/of-predictions.js';
import { runFolder, runPaths } from '../../../runs/folder.js';
import { readManifest } from '../../../runs/provenance/manifest.js';
import { readStatus } from '../../../runs/status.js';
import type { PlannedJob } from '../../../sweeps/plan.js';
import { print, printNotice } from '../../output/print.js';
import type { ExportRequest } from './export.js';

/** A run, and what it answers in each set. */
interface Exported {
  readonly job: PlannedJob;
  readonly sets: readonly WildsSet[];
}

/**
 * The predictions of a study's runs as WILDS' evaluation script takes them, `DATASET_split:SET_seed:SEED_epoch:last_pred.csv`
 * with one answer a line, a folder for each model; with results.json, which has the numbers by WILDS' keys.
 */
export async function exportWilds(request: ExportRequest): Promise<ExitCode> {
  const { plan, results, folder, named, by } = request;
  const exported: Exported[] = [];
  const partial = new Set<string>();
  let open = 0;
  for (const job of plan.jobs) {
    if (job.protocol === 'reference') continue;
    const paths = runPaths(runFolder(results, plan.study, job.run));
    if (readStatus(paths, job.run)?.state !== 'done') {
      open++;
      continue;
    }
    const sets = readWildsSets(await readPredictions(paths.predictions, job.run), by);
    if (sets === undefined) throw refuseTargets(plan.name);
    const sizes = readManifest(paths)?.split;
    const tested = sets.filter(({ set }) => set !== 'train');
    for (const { set, predicted } of tested) if (predicted.length < Number(sizes?.[set])) partial.add(set);
    exported.push({ job, sets: tested });
  }
  if (exported.length === 0) throw refuseNone(plan.name);
  const groups = groupBy(exported, ({ job }) => folderOf(job));
  for (const [own, runs] of groups) {
    mkdirSync(join(folder, own), { recursive: true });
    for (const { job, sets } of runs) {
      for (const { set, predicted } of sets)
        writeFileAtomic(join(folder, own, fileOf(job, set)), `${predicted.join('\n')}\n`);
    }
    const numbers = Object.fromEntries(
      runs.map(({ job, sets }) => [
        `seed:${replicateOf(job)}`,
        Object.fromEntries(sets.map(({ set, results: found }) => [set, { ...found }])),
      ]),
    );
    writeFileAtomic(join(folder, own, 'results.json'), `${canonicalJson(numbers)}\n`);
    print(describeRuns(own, runs));
  }
  print(
    `${exported.length} ${exported.length === 1 ? 'run' : 'runs'} of ${plan.name} in ${named}: predictions, and results.json with every group`,
  );
  if (partial.size > 0) {
    printNotice(
      `notice: of ${[...partial].join(', ')} only a part was evaluated, which WILDS does not take\n  → type the study's command with evaluation.test_examples=1000000: what is trained is evaluated anew`,
    );
  }
  if (open > 0) printNotice(`${open} more ${open === 1 ? 'run is' : 'runs are'} not done`);
  return 0;
}

const fileOf = (job: PlannedJob, set: string) =>
  `${job.labels.dataset}_split:${set}_seed:${replicateOf(job)}_epoch:last_pred.csv`;

/** Its seed; by DomainBed's protocol its trial, which seeds all else. */
function replicateOf({ config, labels }: PlannedJob): string {
  return String(isJsonObject(config.domainbed) ? config.domainbed.trial_seed : labels.seed);
}

/** What a run is besides its replicate, as the name of a folder. */
function folderOf({ label }: PlannedJob): string {
  const words = label.split(' ').filter((word) => !/^(seed|domainbed\.trial_seed)=/.test(word));
  return words.join(' ').replaceAll(/[^\w.=,+-]+/g, '-') || 'runs';
}

/** Means over replicates with their standard deviation, of one replicate less, as WILDS' script has them. */
function describeRuns(name: string, runs: readonly Exported[]): string {
  const sets = [...new Set(runs.flatMap((run) => run.sets.map(({ set }) => set)))];
  const lines = sets.map((set) => {
    const found = runs.flatMap((run) => run.sets.filter((one) => one.set === set));
    const keys = Object.keys(found[0]!.results).filter((key) => /_(avg|all|wg)$/.test(key));
    const texts = keys.map((key) => {
      const values = found.map(({ results }) => results[key]!);
      const spread = values.length < 2 ? '' : ` (${sampleStandardDeviation(values).toFixed(3)})`;
      return `${key} ${mean(values).toFixed(3)}${spread}`;
    });
    return `  ${set}: ${texts.join(', ')}`;
  });
  const replicates = runs.length === 1 ? '1 replicate' : `${runs.length} replicates`;
  return [`${name}, ${replicates}:`, ...lines].join('\n');
}

function refuseTargets(study: string): HeldoutError {
  return new HeldoutError({
    code: 'E_EXPORT_TARGETS',
    message: `the runs of ${study} answer several questions at once, and WILDS' files have one answer a line`,
    place: 'dataset.targets',
    hints: ["dataset.targets=[label]  (trains for one, in the study's command)"],
  });
}

function refuseNone(study: string): HeldoutError {
  return new HeldoutError({
    code: 'E_EXPORT_NONE',
    message: `no trained run of ${study} is done`,
    place: 'command line',
    hints: [`npm run experiment -- status ${study}`],
  });
}
