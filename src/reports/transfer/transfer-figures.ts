import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileSuffixes } from '../../analysis/file-names.js';
import { groupBy } from '../../analysis/records.js';
import { chooseRadar } from '../../analysis/transfer/radar/radar.js';
import { namePair } from '../../analysis/transfer/records.js';
import { errorCode } from '../../core/files/file-errors.js';
import { removeAtomic } from '../../core/files/files.js';
import { scoreReliability } from '../../evaluation/examples/example-metrics.js';
import { usualBins } from '../../evaluation/metrics/binned-calibration.js';
import type { Figure } from '../../figures/figure.js';
import { renderSvg, writeFigure } from '../../figures/render.js';
import { drawDendrogram } from '../../figures/transfer/dendrogram.js';
import { drawFactorLoadings, drawScree } from '../../figures/transfer/factor-loadings.js';
import { chooseColorFactor, drawIdOodScatter } from '../../figures/transfer/id-ood-scatter.js';
import { drawLabelFree } from '../../figures/transfer/label-free.js';
import { drawMetricTransfer } from '../../figures/transfer/metric-transfer.js';
import { drawRadar } from '../../figures/transfer/radar.js';
import { drawRegimes } from '../../figures/transfer/regimes.js';
import { drawReliability, type SetReliability } from '../../figures/transfer/reliability.js';
import { variableName } from '../../tables/transfer/cells.js';
import type { TransferReport } from './transfer-report.js';

/** Figures with what their file names have behind the figure's. */
type Drawn = readonly (readonly [suffix: string, figure: Figure])[];

const whole = (figure: Figure | undefined | false): Drawn => (figure ? [['', figure]] : []);

/** The figures of transfer in their usual order; none where there is nothing to show. */
const drawers = {
  'id-ood-scatter': ({ analysis: { records, pairs, level }, by }) => {
    const factor = chooseColorFactor(records, by);
    return perIdSet(
      pairs.map((one) => ({ ...one, id: one.pair.id })),
      (own) => drawIdOodScatter(own, { factor, level }),
    );
  },
  regimes: ({ analysis: { pairs } }) => whole(pairs.length > 1 && drawRegimes(pairs)),
  'metric-transfer': ({ analysis: { metricTransfer } }) =>
    whole(metricTransfer.length > 0 && drawMetricTransfer(metricTransfer)),
  'factor-loadings': ({ analysis: { factors } }) => whole(factors && drawFactorLoadings(factors)),
  scree: ({ analysis: { factors } }) => whole(factors && drawScree(factors)),
  'metric-dendrogram': ({ analysis: { metricClusters } }) =>
    whole(
      metricClusters &&
        drawDendrogram({
          ...metricClusters,
          names: metricClusters.names.map(variableName),
          axis: '1 − |Spearman|',
          caption: ['Average linkage; variables are standardised within their task.'],
        }),
    ),
  'pair-dendrogram': ({ analysis: { pairClusters } }) =>
    whole(
      pairClusters &&
        drawDendrogram({
          ...pairClusters,
          names: pairClusters.pairs.map(namePair),
          axis: 'distance (Ward)',
          caption: [
            'Slope, intercept, R² and Spearman on probit axes, mean gap and quartile ranges, each with mean 0 and deviation 1; marks: clusters of k-means.',
          ],
        }),
    ),
  reliability: (report) => {
    const sets = listReliability(report);
    return perIdSet(sets, (own) => drawReliability(own, report.bins ?? usualBins));
  },
  radar: ({ analysis: { records }, by }) => {
    const radar = chooseRadar(records, by);
    return whole(radar && drawRadar(radar.panels, radar.levels, radar.by));
  },
  'label-free': ({ analysis: { labelFree } }) =>
    perIdSet(
      labelFree.filter(({ networks }) => networks.length > 1).map((one) => ({ ...one, id: one.pair.id })),
      drawLabelFree,
    ),
} as const satisfies Readonly<Record<string, (report: TransferReport) => Drawn>>;

export type TransferFigureName = keyof typeof drawers;
export const transferFigureNames = Object.keys(drawers) as readonly TransferFigureName[];

/** A figure per ID set, named after it where there are several. */
function perIdSet<Item extends { readonly id: string }>(
  items: readonly Item[],
  draw: (own: readonly Item[]) => Figure,
): Drawn {
  const bySet = groupBy(items, ({ id }) => id);
  const suffixes = fileSuffixes([...bySet.keys()]);
  return [...bySet].map(([id, own]) => [suffixes.get(id)!, draw(own)]);
}

/** Every set that networks of an ID set were tested on, the ID set first. */
function listReliability({ transfer, bins }: TransferReport): (SetReliability & { readonly id: string })[] {
  const bySet = groupBy(transfer.measured, ({ id, set }) => JSON.stringify([id, set.name]));
  return [...bySet.values()].flatMap((own) => {
    const { id, set } = own[0]!;
    const networks = own.flatMap(({ network }) => {
      const scores = transfer.find(network.name, id, set.name);
      const found = scores === undefined ? [] : scoreReliability(scores, bins);
      return found.length === 0 ? [] : [found];
    });
    return networks.length === 0
      ? []
      : [{ id, title: [set.name === id ? `${id} (ID)` : set.name], networks }];
  });
}

/** Draws one figure of transfer: SVGs with what their file names have behind the figure's. */
export async function drawTransfer(
  name: TransferFigureName,
  report: TransferReport,
): Promise<readonly (readonly [suffix: string, svg: string])[]> {
  const drawn: Drawn = drawers[name](report);
  const svgs: (readonly [string, string])[] = [];
  for (const [suffix, figure] of drawn) svgs.push([suffix, await renderSvg(figure)]);
  return svgs;
}

/** Draws figures of an import to `figures/NAME/`; all of them unless some are named. */
export async function writeTransferFigures(
  report: TransferReport,
  resultsFolder: string,
  names: readonly TransferFigureName[] = [],
): Promise<{ readonly files: readonly string[]; readonly folder: string }> {
  const folder = join(resultsFolder, 'figures', report.name);
  const files: string[] = [];
  const all = names.length === 0;
  for (const name of all ? transferFigureNames : names) {
    for (const [suffix, svg] of await drawTransfer(name, report))
      files.push(...(await writeFigure(folder, `${name}${suffix}`, svg)));
  }
  if (all) removeStale(folder, new Set(files));
  return { files, folder };
}

/** Figures that an earlier import of the name left. */
function removeStale(folder: string, kept: ReadonlySet<string>): void {
  for (const file of listFiles(folder)) {
    const isOurs = transferFigureNames.some(
      (name) =>
        new RegExp(`^${name}(-[a-z0-9_-]+)?\\.(svg|png)$`).test(file) && !kept.has(join(folder, file)),
    );
    if (isOurs) removeAtomic(join(folder, file));
  }
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
