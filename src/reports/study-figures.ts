import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readTextIfThere, writeFileAtomic } from '../core/files.js';
import { identify, sha256 } from '../core/hash.js';
import { readPredictions } from '../evaluation/predictions-file.js';
import type { Figure } from '../figures/figure.js';
import { drawImagesPerSplit, type SplitImages } from '../figures/images-per-split.js';
import { drawLearningCurves, readCurves } from '../figures/learning-curves.js';
import { drawPredictedAgainstTrue } from '../figures/predicted-against-true.js';
import { drawR2BySplit } from '../figures/r2-by-split.js';
import { renderSvg, writeFigure } from '../figures/render.js';
import { runFolder, runPaths } from '../runs/folder.js';
import type { Plan, PlannedJob } from '../sweeps/plan.js';
import { type StudyRecords, variantLabels } from './study-records.js';

export interface FigureOptions {
  readonly plan: Plan;
  readonly resultsFolder: string;
  readonly study: StudyRecords;
  /** Sample images of every split; asked for only when figures are drawn. */
  readonly splitImages: (jobs: readonly PlannedJob[]) => Promise<readonly SplitImages[]>;
  /** Names the code that draws: a change draws anew. */
  readonly build: string;
}

export interface WrittenFigures {
  readonly folder: string;
  readonly files: readonly string[];
  /** False where the figures of the same records were there already. */
  readonly drawn: boolean;
}

/** Draws the figures of a study to `figures/<name>/`, unless those of the same inputs stand there. */
export async function writeStudyFigures(options: FigureOptions): Promise<WrittenFigures> {
  const { plan, resultsFolder, study } = options;
  const folder = join(resultsFolder, 'figures', plan.name);
  const present = new Set(study.records.map((record) => record.run));
  const jobs = plan.jobs.filter((job) => present.has(job.run));
  const stampFile = join(folder, 'inputs.json');
  const inputs = identify(
    { build: options.build, jobs: jobs.map((job) => describeInputs(options, job)) },
    64,
  );
  const stamp = readStamp(readTextIfThere(stampFile));
  const drawn = stamp?.files.map((name) => join(folder, name)) ?? [];
  if (stamp?.inputs === inputs && drawn.every((file) => existsSync(file))) {
    return { folder, files: drawn, drawn: false };
  }
  const files: string[] = [];
  for (const figure of await makeFigures(options, jobs)) {
    files.push(...(await writeFigure(folder, figure.name, await renderSvg(figure))));
  }
  const images = await options.splitImages(jobs);
  if (images.length > 0)
    files.push(...(await writeFigure(folder, 'images-per-split', await drawImagesPerSplit(images))));
  const names = files.map((file) => relative(folder, file));
  writeFileAtomic(stampFile, `${JSON.stringify({ inputs, files: names }, null, 2)}\n`);
  return { folder, files, drawn: true };
}

async function makeFigures(
  { plan, resultsFolder, study }: FigureOptions,
  jobs: readonly PlannedJob[],
): Promise<Figure[]> {
  if (study.records.length === 0) return [];
  const trained = jobs.filter((job) => job.protocol !== 'reference');
  const paths = (job: PlannedJob) => runPaths(runFolder(resultsFolder, plan.study, job.run));
  const models = study.order.models ?? [];
  const figures = [drawR2BySplit(study.records, study.order)];

  const extrapolated = trained.filter((job) => variantLabels(job).split === 'extrapolation');
  const predictions = await Promise.all(
    extrapolated.map(async (job) => ({
      model: variantLabels(job).model,
      seed: String(job.config.seed),
      table: await readPredictions(paths(job).predictions, job.run),
    })),
  );
  if (predictions.length > 0) figures.push(drawPredictedAgainstTrue(predictions, models));

  const curves = trained.map((job) => ({
    ...variantLabels(job),
    seed: String(job.config.seed),
    ...readCurves(readTextIfThere(paths(job).metrics) ?? ''),
  }));
  if (curves.length > 0) {
    figures.push(drawLearningCurves(curves, { models, splits: study.order.splits ?? [] }));
  }
  return figures;
}

/** Hashes of the files that a job's part of the figures is drawn from. */
function describeInputs({ plan, resultsFolder }: FigureOptions, job: PlannedJob) {
  const paths = runPaths(runFolder(resultsFolder, plan.study, job.run));
  const digest = (path: string) => sha256(readTextIfThere(path) ?? '');
  return {
    run: job.run,
    record: digest(paths.record),
    metrics: digest(paths.metrics),
    split: digest(paths.split),
  };
}

function readStamp(
  text: string | undefined,
): { readonly inputs: string; readonly files: readonly string[] } | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isStamp = typeof value === 'object' && value !== null && 'inputs' in value && 'files' in value;
    return isStamp && Array.isArray(value.files) ? (value as { inputs: string; files: string[] }) : undefined;
  } catch {
    return undefined;
  }
}
