import { fileSuffixes } from '../analysis/file-names.js';
import { isJsonObject } from '../core/json.js';
import { readPredictions } from '../evaluation/predictions-file.js';
import { drawImagesPerSplit, type SplitImages } from '../figures/images-per-split.js';
import { drawLearningCurves, listCurves } from '../figures/learning-curves.js';
import { drawPredictedAgainstTrue } from '../figures/predicted-against-true.js';
import { drawR2BySplit } from '../figures/r2-by-split.js';
import { renderSvg } from '../figures/render.js';
import { type RunPaths, runFolder, runPaths } from '../runs/folder.js';
import type { Plan, PlannedJob } from '../sweeps/plan.js';
import { readMetrics } from '../tracking/metrics-log.js';
import type { StudyRecords } from './study-records.js';

/** What the figures of a study are drawn from. */
export interface FigureInputs {
  readonly plan: Plan;
  readonly resultsFolder: string;
  readonly study: StudyRecords;
  /** Sample images of every split; asked for only when they are drawn. */
  readonly splitImages: (jobs: readonly PlannedJob[]) => Promise<readonly SplitImages[]>;
}

/** SVGs with what their file names have behind the figure's. */
type Drawn = readonly (readonly [suffix: string, svg: string])[];

/** The figures that a study may have, in the usual order. */
const drawers = {
  'r2-by-split': async ({ study }) =>
    hasTestR2(study) ? [['', await renderSvg(drawR2BySplit(study.records, study.order))]] : [],
  'predicted-against-true': (inputs) => drawPerDataset(inputs, drawPredictions),
  'learning-curves': (inputs) => drawPerDataset(inputs, drawCurves),
  'images-per-split': (inputs) => drawPerDataset(inputs, drawImages),
} as const satisfies Readonly<Record<string, (inputs: FigureInputs) => Promise<Drawn>>>;

/** Studies of classes have none; one whose numbers are missing is drawn, so that this is seen. */
function hasTestR2({ records }: StudyRecords): boolean {
  const rows = records.flatMap((record) => record.rows);
  return rows.length === 0 || rows.some(({ metric, set }) => metric === 'r2' && set === 'test');
}

export type FigureName = keyof typeof drawers;
export const figureNames = Object.keys(drawers) as readonly FigureName[];

/** Draws one figure of the catalogue: SVGs by file name, none where no run has what it shows. */
export async function drawFigure(
  name: FigureName,
  inputs: FigureInputs,
): Promise<ReadonlyMap<string, string>> {
  const drawn: Drawn = await drawers[name](inputs);
  return new Map(drawn.map(([suffix, svg]) => [`${name}${suffix}`, svg]));
}

export function pathsOf({ plan, resultsFolder }: FigureInputs, { run }: PlannedJob): RunPaths {
  return runPaths(runFolder(resultsFolder, plan.study, run));
}

type DrawJobs = (inputs: FigureInputs, jobs: readonly PlannedJob[]) => Promise<Drawn>;

async function drawPerDataset(inputs: FigureInputs, draw: DrawJobs): Promise<Drawn> {
  const { jobs, order } = inputs.study;
  const drawn: (readonly [string, string])[] = [];
  for (const [dataset, end] of fileSuffixes(order.datasets)) {
    const ofDataset = jobs.filter(({ labels }) => labels.dataset === dataset);
    for (const [suffix, svg] of await draw(inputs, ofDataset)) drawn.push([`${suffix}${end}`, svg]);
  }
  return drawn;
}

/** One figure per split that extrapolates, however it is called. */
async function drawPredictions(inputs: FigureInputs, jobs: readonly PlannedJob[]): Promise<Drawn> {
  const extrapolating = inputs.plan.jobs.filter(
    ({ config }) => isJsonObject(config.split) && config.split.rule === 'extrapolation',
  );
  const splits = [...new Set(extrapolating.map(({ labels }) => labels.split))];
  const drawn: (readonly [string, string])[] = [];
  for (const [split, suffix] of fileSuffixes(splits)) {
    const runs = await Promise.all(
      jobs
        .filter((job) => isTrained(job) && job.labels.split === split)
        .map(async (job) => ({
          ...job.labels,
          table: await readPredictions(pathsOf(inputs, job).predictions, job.run),
        })),
    );
    if (runs.length === 0) continue;
    drawn.push([suffix, await renderSvg(drawPredictedAgainstTrue(runs, inputs.study.order.models))]);
  }
  return drawn;
}

async function drawCurves(inputs: FigureInputs, jobs: readonly PlannedJob[]): Promise<Drawn> {
  const runs = jobs
    .filter(isTrained)
    .map((job) => ({ ...job.labels, ...listCurves(readMetrics(pathsOf(inputs, job).metrics)) }));
  return runs.length === 0 ? [] : [['', await renderSvg(drawLearningCurves(runs, inputs.study.order))]];
}

async function drawImages(inputs: FigureInputs, jobs: readonly PlannedJob[]): Promise<Drawn> {
  const images = await inputs.splitImages(jobs);
  return images.length === 0 ? [] : [['', await drawImagesPerSplit(images)]];
}

function isTrained({ protocol }: PlannedJob): boolean {
  return protocol !== 'reference';
}
