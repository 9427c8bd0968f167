import { listCorrupted } from '../../analysis/corruptions.js';
import { fileSuffixes } from '../../analysis/file-names.js';
import { rankAlgorithms } from '../../analysis/ranks/rank-algorithms.js';
import { readShots } from '../../analysis/shots.js';
import { isJsonObject } from '../../core/json.js';
import { readPredictions } from '../../evaluation/predictions-file.js';
import { drawAccuracyBySet } from '../../figures/accuracy-by-set.js';
import { drawAccuracyByShots } from '../../figures/accuracy-by-shots.js';
import { type CircuitArm, linkedArms } from '../../figures/circuits/arms.js';
import { drawCircuitGraph } from '../../figures/circuits/circuit-graph.js';
import { drawDegreeDistribution } from '../../figures/circuits/degree-distribution.js';
import { drawHubAttention } from '../../figures/circuits/hub-attention.js';
import { drawLinkProbabilities } from '../../figures/circuits/link-probabilities.js';
import { drawPruningCurves } from '../../figures/circuits/pruning-curves.js';
import { drawCriticalDifference } from '../../figures/critical-difference.js';
import { drawImagesPerSplit } from '../../figures/images-per-split.js';
import { drawLearningCurves, listCurves } from '../../figures/learning-curves.js';
import { drawPredictedAgainstTrue } from '../../figures/predicted-against-true.js';
import { drawR2BySplit } from '../../figures/r2-by-split.js';
import { renderSvg } from '../../figures/render.js';
import { usualRule } from '../../selection/index.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { hasBlocks } from '../../tables/domainbed/algorithm-ranks.js';
import { readMetrics } from '../../tracking/metrics-log.js';
import { type PageName, pageNames } from '../pages/page-catalogue.js';
import type { StudyRecords } from '../records/study-records.js';
import { isTransfer } from '../transfer/study-networks.js';
import { drawTransfer, type TransferFigureName, transferFigureNames } from '../transfer/transfer-figures.js';
import { lackingOf, readCircuitArms, readPruningArms } from './circuit-figures.js';
import { drawCorruptions } from './corruption-figures.js';
import {
  drawFairness,
  type FairnessFigureName,
  fairnessFigures,
  lackingOfFairness,
} from './fairness-figures.js';
import { type FigureInputs, pathsOf } from './figure-inputs.js';

/** SVGs with what their file names have behind the figure's. */
type Drawn = readonly (readonly [suffix: string, svg: string])[];

/** The figures that a study may have, in the usual order. */
const drawers = {
  'r2-by-split': async ({ study }) =>
    hasTestR2(study) ? [['', await renderSvg(drawR2BySplit(study.records, study.order))]] : [],
  'predicted-against-true': (inputs) => drawPerDataset(inputs, drawPredictions),
  'learning-curves': (inputs) => drawPerDataset(inputs, drawCurves),
  'images-per-split': (inputs) => drawPerDataset(inputs, drawImages),
  'accuracy-by-set': async ({ study }) =>
    hasAccuracy(study) ? [['', await renderSvg(drawAccuracyBySet(study.records, study.order))]] : [],
  'accuracy-by-shots': async ({ study }) =>
    hasShots(study) ? [['', await renderSvg(drawAccuracyByShots(study.records, study.order))]] : [],
  'corruption-curves': (inputs) => drawPerDataset(inputs, drawCorruptions),
  'critical-difference': (inputs) => drawPerDataset(inputs, drawRanks),
  'link-probabilities': (inputs) => drawPerDataset(inputs, drawOfLinks(drawLinkProbabilities)),
  'circuit-graph': (inputs) =>
    drawPerDataset(
      inputs,
      drawOfLinks((arms) => renderSvg(drawCircuitGraph(arms))),
    ),
  'degree-distribution': (inputs) =>
    drawPerDataset(
      inputs,
      drawOfLinks((arms) => renderSvg(drawDegreeDistribution(arms))),
    ),
  'hub-attention': (inputs) => drawPerDataset(inputs, drawHubs),
  'pruning-curves': (inputs) => drawPerDataset(inputs, drawCurvesOfPruning),
  'awareness-against-gap': ofFairness('awareness-against-gap'),
  'accuracy-against-gap': ofFairness('accuracy-against-gap'),
  'two-heads-plane': ofFairness('two-heads-plane'),
  'agreement-and-recovery': ofFairness('agreement-and-recovery'),
  'group-head-histogram': ofFairness('group-head-histogram'),
  ...ofTransfer(),
} as const satisfies Readonly<Record<string, (inputs: FigureInputs) => Promise<Drawn>>>;

function ofFairness(name: FairnessFigureName): (inputs: FigureInputs) => Promise<Drawn> {
  return (inputs) => drawPerDataset(inputs, (given, jobs) => drawFairness(name, given, jobs));
}

/** Figures of transfer are of all datasets together. */
function ofTransfer(): Readonly<Record<TransferFigureName, (inputs: FigureInputs) => Promise<Drawn>>> {
  const drawers = transferFigureNames.map((name) => [
    name,
    async ({ study }: FigureInputs): Promise<Drawn> => {
      const report = await study.transfer();
      return report === undefined ? [] : drawTransfer(name, report);
    },
  ]);
  return Object.fromEntries(drawers);
}

/** Studies of classes have none; one whose numbers are missing is drawn, so that this is seen. */
function hasTestR2({ records }: StudyRecords): boolean {
  const rows = records.flatMap((record) => record.rows);
  return rows.length === 0 || rows.some(({ metric, set }) => metric === 'r2' && set === 'test');
}

function hasAccuracy({ records }: StudyRecords): boolean {
  return records.some(({ rows }) => rows.some(({ metric }) => metric === 'accuracy'));
}

/** Whether a model was adapted to different numbers of examples. */
function hasShots(study: StudyRecords): boolean {
  const shots = study.order.models.flatMap((label) => readShots(label)?.shots ?? []);
  return hasAccuracy(study) && new Set(shots).size > 1;
}

/** What else has to be run for figures that need more than records. */
const lacking: { readonly [Name in FigureName]?: (inputs: FigureInputs) => string | undefined } = {
  'accuracy-by-set': ({ study }) =>
    hasAccuracy(study) ? undefined : 'no run of this study has an accuracy (evaluation=classification)',
  'accuracy-by-shots': ({ study }) =>
    hasShots(study)
      ? undefined
      : 'no model of this study was adapted to different numbers of examples (protocol.shots=1,5,10)',
  'corruption-curves': ({ study }) =>
    listCorrupted(study.records.flatMap(({ rows }) => rows)) === undefined
      ? "no run of this study was scored on corrupted images ('+evaluation.corruptions={}')"
      : undefined,
  'critical-difference': ({ study }) =>
    study.domains().some(hasBlocks)
      ? undefined
      : "no dataset of this study has 2 algorithms or more and 5 held-out environments or more by DomainBed's protocol",
  'link-probabilities': (inputs) => lackingOf(inputs, 'circuit'),
  'circuit-graph': (inputs) => lackingOf(inputs, 'circuit'),
  'degree-distribution': (inputs) => lackingOf(inputs, 'circuit'),
  'hub-attention': (inputs) => lackingOf(inputs, 'circuit'),
  'pruning-curves': (inputs) => lackingOf(inputs, 'pruning'),
};

/** Why a figure of the catalogue is not drawn, or not whole, and what to type; undefined where it is. */
export function explainLack(name: FigureName, inputs: FigureInputs): string | undefined {
  if (isOfTransfer(name)) {
    return inputs.study.jobs.some(isTransfer)
      ? undefined
      : 'no run of this study was trained on one environment and tested on others (split=one-domain)';
  }
  const fairness = fairnessFigures.find((figure) => figure === name);
  return fairness === undefined ? lacking[name]?.(inputs) : lackingOfFairness(fairness, inputs);
}

/** What is drawn, and the pages of `page-catalogue.ts`. */
export type FigureName = DrawnName | PageName;
type DrawnName = keyof typeof drawers;
export const figureNames: readonly FigureName[] = [...(Object.keys(drawers) as DrawnName[]), ...pageNames];
export const usualFigures: readonly FigureName[] = figureNames.filter(
  (name) => !isOfTransfer(name) && !fairnessFigures.some((figure) => figure === name),
);

function isOfTransfer(name: FigureName): name is TransferFigureName {
  return transferFigureNames.some((figure) => figure === name);
}

/** Draws one figure of the catalogue: SVGs by file name, none where no run has what it shows. */
export async function drawFigure(
  name: DrawnName,
  inputs: FigureInputs,
): Promise<ReadonlyMap<string, string>> {
  const drawn: Drawn = await drawers[name](inputs);
  return new Map(drawn.map(([suffix, svg]) => [`${name}${suffix}`, svg]));
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
    .map((job) => ({ ...job.labels, ...listCurves(readMetrics(pathsOf(inputs, job).metrics)) }))
    // What was made of other runs has not learnt.
    .filter(({ loss }) => loss.length > 0);
  return runs.length === 0 ? [] : [['', await renderSvg(drawLearningCurves(runs, inputs.study.order))]];
}

/** A figure of arms whose modules are linked. */
function drawOfLinks(draw: (arms: readonly CircuitArm[]) => Promise<string>): DrawJobs {
  return async (inputs, jobs) => {
    const arms = readCircuitArms(inputs, jobs);
    return linkedArms(arms).length === 0 ? [] : [['', await draw(arms)]];
  };
}

/** A figure for every arm that has hubs, of its first seed. */
async function drawHubs(inputs: FigureInputs, jobs: readonly PlannedJob[]): Promise<Drawn> {
  const arms = linkedArms(readCircuitArms(inputs, jobs));
  const suffixes = fileSuffixes(arms.map(({ name }) => name));
  return Promise.all(
    arms.map(async ({ name, facts }) => [suffixes.get(name)!, await drawHubAttention(facts)] as const),
  );
}

async function drawCurvesOfPruning(inputs: FigureInputs, jobs: readonly PlannedJob[]): Promise<Drawn> {
  const arms = readPruningArms(inputs, jobs);
  return arms.length === 0 ? [] : [['', await renderSvg(drawPruningCurves(arms))]];
}

/** By the rule that can always be followed. */
async function drawRanks({ study }: FigureInputs, jobs: readonly PlannedJob[]): Promise<Drawn> {
  const dataset = jobs[0]?.labels.dataset;
  const own = study.domains().find((each) => each.dataset === dataset);
  const [ranked] = own === undefined ? [] : rankAlgorithms(own.records, [usualRule]);
  if (ranked === undefined || ranked.differences[0.05] === undefined) return [];
  return [['', await renderSvg(drawCriticalDifference(ranked))]];
}

async function drawImages(inputs: FigureInputs, jobs: readonly PlannedJob[]): Promise<Drawn> {
  const images = await inputs.splitImages(jobs);
  return images.length === 0 ? [] : [['', await drawImagesPerSplit(images)]];
}

function isTrained({ protocol }: PlannedJob): boolean {
  return protocol !== 'reference';
}
