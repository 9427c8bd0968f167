import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listPoints } from '../analysis/pruning.js';
import { indexValues } from '../analysis/records.js';
import { imagesPerSecond, prunedAccuracy } from '../evaluation/circuits/pruning.js';
import type { RunRecord } from '../evaluation/record.js';
import { makeFacts, makePruningRows } from '../evaluation/testing/synthetic-circuits.js';
import { makeRecords } from '../evaluation/testing/synthetic-records.js';
import { drawAccuracyBySet } from './accuracy-by-set.js';
import type { CircuitArm } from './circuits/arms.js';
import { drawCircuitGraph } from './circuits/circuit-graph.js';
import { drawDegreeDistribution } from './circuits/degree-distribution.js';
import { drawHubAttention } from './circuits/hub-attention.js';
import { drawLinkProbabilities } from './circuits/link-probabilities.js';
import { drawPruningCurves, type PruningArm } from './circuits/pruning-curves.js';
import { drawCriticalDifference } from './critical-difference.js';
import { drawImagesPerSplit } from './images-per-split.js';
import { drawLearningCurves } from './learning-curves.js';
import { drawPredictedAgainstTrue } from './predicted-against-true.js';
import { drawR2BySplit } from './r2-by-split.js';
import { loadSharp, renderPng, renderSvg, writeFigure } from './render.js';
import { fairnessSamples } from './testing/fairness-samples.js';
import { makeRanks } from './testing/ranks.js';
import { makeCurves, makeImages, makePredictions, splits } from './testing/samples.js';
import { transferSamples } from './testing/transfer-samples.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-figures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const records = makeRecords({ models: ['cnn', 'mlp'], splits, seeds: 3 });
const longNames = Array.from({ length: 12 }, (_, index) => `densenet_with_a_long_name_${index}`);
const twoDatasets = ['dsprites', 'mpi3d'].flatMap((dataset) =>
  makeRecords({ models: longNames, splits, seeds: 2, dataset }),
);

const classRecords = ['nac', 'cnn'].flatMap((model, at) =>
  [0, 1].map((seed): RunRecord => {
    const row = (set: string, value: number) => ({ set, metric: 'accuracy', group: {}, value, n: 10 });
    const labels = {
      dataset: 'sprites',
      model,
      split: 'statement',
      seed: String(seed),
      protocol: 'supervised',
    };
    const rows = [row('train', 0.9 - 0.1 * at), row('ood_c', 0.6 + 0.05 * seed), row('iid', 0.85)];
    return { schema: 1, run: `${model}${seed}`, labels, rows };
  }),
);
const arms: readonly CircuitArm[] = [
  { name: 'nac, graph=scale_free', circuits: [makeFacts(), makeFacts(16)] },
  { name: 'nac, graph=planted_partition', circuits: [makeFacts(9)] },
  { name: 'nac, by=none', circuits: [makeFacts(9, false)] },
];
const measured = (orders?: readonly string[]) =>
  [0, 1].map((seed) => ({ schema: 1 as const, run: 'a', labels: {}, rows: makePruningRows(seed, orders) }));
const pointsOf = (metric: string, orders?: readonly string[]) =>
  measured(orders).map((record) => listPoints(indexValues(record, metric)));
const pruned: readonly PruningArm[] = [
  { name: 'nac', accuracy: pointsOf(prunedAccuracy), speed: pointsOf(imagesPerSecond) },
  { name: 'perceiver', accuracy: pointsOf(prunedAccuracy, ['random']).slice(0, 1), speed: [] },
];

const figures: Readonly<Record<string, () => Promise<string>>> = {
  'R² by split': () => renderSvg(drawR2BySplit(records)),
  'R² by split, many models and two datasets': () => renderSvg(drawR2BySplit(twoDatasets)),
  'R² by split, one seed': () =>
    renderSvg(drawR2BySplit(records.filter(({ labels }) => labels.seed === '0'))),
  'predicted against true': () => renderSvg(drawPredictedAgainstTrue(makePredictions())),
  'learning curves': () => renderSvg(drawLearningCurves(makeCurves())),
  'images per split': () => drawImagesPerSplit(makeImages()),
  'accuracy by set': () => renderSvg(drawAccuracyBySet(classRecords)),
  'critical difference': () => renderSvg(drawCriticalDifference(makeRanks(4, 6))),
  'critical difference of many algorithms': () => renderSvg(drawCriticalDifference(makeRanks(17, 40))),
  'link probabilities': () => drawLinkProbabilities(arms),
  'graph of a circuit': () => renderSvg(drawCircuitGraph(arms)),
  'graph of one circuit alone': () => renderSvg(drawCircuitGraph(arms.slice(1, 2))),
  'distribution of degrees': () => renderSvg(drawDegreeDistribution(arms)),
  'attention of hubs': () => drawHubAttention(makeFacts(20)),
  'pruning curves': () => renderSvg(drawPruningCurves(pruned)),
  ...Object.fromEntries(
    Object.entries({ ...fairnessSamples, ...transferSamples }).map(
      ([name, draw]) => [name, () => renderSvg(draw())] as const,
    ),
  ),
};

describe.each(Object.entries(figures))('%s', (_, draw) => {
  it('is as wide as the text of a paper, whole, and has the same bytes every time', async () => {
    const svg = await draw();
    expect(svg).toContain('width="396pt"');
    const png = await renderPng(svg);
    const sharp = await loadSharp();
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(info.width).toBe(1650);
    expect((await sharp(png).metadata()).density).toBe(300);
    // What is cut off would leave ink on the outermost pixels.
    const inkAt = (row: number, column: number) =>
      data
        .subarray((row * info.width + column) * 3, (row * info.width + column) * 3 + 3)
        .some((byte) => byte < 200);
    const rows = Array.from({ length: info.height }, (_, row) => row);
    expect(rows.filter((row) => inkAt(row, 0) || inkAt(row, info.width - 1))).toEqual([]);
    const columns = Array.from({ length: info.width }, (_, column) => column);
    expect(columns.filter((column) => inkAt(0, column) || inkAt(info.height - 1, column))).toEqual([]);

    const again = await draw();
    expect(again).toBe(svg);
    expect(Buffer.from(await renderPng(again)).equals(Buffer.from(png))).toBe(true);
  });
});

it('writes SVG and PNG side by side', async () => {
  const svg = await drawImagesPerSplit(makeImages().slice(0, 1), 2);
  const paths = await writeFigure(join(folder, 'new'), 'images', svg);
  expect(paths).toEqual([join(folder, 'new', 'images.svg'), join(folder, 'new', 'images.png')]);
  expect(readFileSync(paths[0]!, 'utf8')).toBe(svg);
  expect(readFileSync(paths[1]!).subarray(1, 4).toString()).toBe('PNG');
});

describe('what is drawn', () => {
  it('shades what training saw of a factor', () => {
    const spec = JSON.stringify(drawPredictedAgainstTrue(makePredictions()).specify(100));
    // Six levels of scale, the upper two held out: up to half a step beyond 0.6.
    expect(spec).toContain('{"from":-0.04,"to":0.7}');
    expect(spec).toContain('"title":"true scale"');
    expect(spec).not.toContain('"title":"true shape"');
  });

  it('clips R² at −1 and says so', () => {
    const low = records.map((record) => ({
      ...record,
      rows: record.rows.map((row) => ({ ...row, value: row.value - 5 })),
    }));
    const spec = JSON.stringify(drawR2BySplit(low).specify(300));
    expect(spec).toContain('clipped at −1');
    expect(spec).toContain('"filled":false');
    expect(JSON.stringify(drawR2BySplit(records, { splits: ['random'] }).specify(300))).not.toContain(
      'clipped',
    );
    // The axis reaches down to −1, yet nothing lies below it.
    const nearly = records.map((record) => ({
      ...record,
      rows: record.rows.map((row) => ({ ...row, value: -0.7 })),
    }));
    expect(JSON.stringify(drawR2BySplit(nearly).specify(300))).not.toContain('clipped');
  });
});
