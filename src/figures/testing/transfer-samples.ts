import { analyseTransfer } from '../../analysis/transfer/analyse.js';
import { chooseRadar } from '../../analysis/transfer/radar/radar.js';
import { namePair, type TransferRecord } from '../../analysis/transfer/records.js';
import { normalCdf } from '../../analysis/transfer/statistics/normal.js';
import { drawNormal } from '../../analysis/transfer/testing/planted.js';
import { scoreReliability } from '../../evaluation/examples/example-metrics.js';
import { createScores, scoreLogits } from '../../evaluation/examples/example-scores.js';
import { stream } from '../../random/stream.js';
import type { Figure } from '../figure.js';
import { drawDendrogram } from '../transfer/dendrogram.js';
import { drawFactorLoadings, drawScree } from '../transfer/factor-loadings.js';
import { drawIdOodScatter } from '../transfer/id-ood-scatter.js';
import { drawLabelFree } from '../transfer/label-free.js';
import { drawMetricTransfer } from '../transfer/metric-transfer.js';
import { drawRadar } from '../transfer/radar.js';
import { drawRegimes } from '../transfer/regimes.js';
import { drawReliability } from '../transfer/reliability.js';

const source = stream(0, 'transfer samples');
const sets = ['photo', 'a painting of some kind', 'sketch'];

/** Networks of two sizes and three shots for each of three sets, with metrics of their own noise. */
const records: TransferRecord[] = sets.flatMap((id) =>
  ['small', 'large'].flatMap((arch) =>
    ['10', '100', 'all'].flatMap((shot, level) =>
      ['0', '1', '2', '3'].flatMap((seed) => {
        const skill = 0.3 + 0.4 * level + (arch === 'large' ? 0.2 : 0) + 0.1 * drawNormal(source);
        const noise = drawNormal(source);
        const metrics = (shift: number) => ({
          accuracy: normalCdf(skill - shift),
          ece: 0.1 + 0.02 * noise + 0.01 * drawNormal(source),
          cross_entropy: 1.4 - skill + shift + 0.1 * drawNormal(source),
          'accuracy@fog-3': normalCdf(skill - shift - 0.4 + 0.05 * drawNormal(source)),
        });
        return sets
          .filter((ood) => ood !== id)
          .map((ood, at) => ({
            ...{ network: `${arch}-${shot}-${seed}`, task: 'pictures', id, ood },
            factors: { arch, shot, seed, params: arch === 'small' ? '5' : '20' },
            ...{ idMetrics: metrics(0), oodMetrics: metrics(0.5 + 0.3 * at + 0.1 * drawNormal(source)) },
            ...{ idCount: 400, oodCount: 400 },
          }));
      }),
    ),
  ),
);

/** Predictions of two classes whose confidence is what `shift` makes of it. */
function makeScores(seed: number, shift: number) {
  const own = stream(seed, 'scores');
  const scores = createScores(200);
  for (let row = 0; row < 200; row++) {
    const signal = drawNormal(own) + 1 + seed / 4 - shift;
    scoreLogits(scores, row, Float64Array.of(2 * signal, 0), 0);
  }
  return scores;
}

const numbers = new Map(records.map(({ network, id }, at) => [`${id} ${network}`, at % 8]));
const analysis = analyseTransfer(records, { draws: 50 }, (network, id, set) =>
  makeScores(numbers.get(`${id} ${network}`)!, set === id ? 0 : 0.7),
);
const ofPhoto = analysis.pairs.filter(({ pair }) => pair.id === 'photo');
const radar = chooseRadar(records)!;
const networks = [0, 1, 2].map((seed) => scoreReliability(makeScores(seed, 0)));

/** Every figure of transfer. */
export const transferSamples: Readonly<Record<string, () => Figure>> = {
  'OOD against ID accuracy': () => drawIdOodScatter(ofPhoto, { factor: 'shot', level: 0.95 }),
  'OOD against ID accuracy, one pair': () => drawIdOodScatter(ofPhoto.slice(0, 1), { level: 0.95 }),
  'shapes of scatters': () => drawRegimes(analysis.pairs),
  'metric transfer': () => drawMetricTransfer(analysis.metricTransfer),
  'factor loadings': () => drawFactorLoadings(analysis.factors!),
  scree: () => drawScree(analysis.factors!),
  'dendrogram of pairs': () =>
    drawDendrogram({
      ...analysis.pairClusters!,
      names: analysis.pairClusters!.pairs.map(namePair),
      ...{ axis: 'distance', caption: ['Marks: clusters of k-means.'] },
    }),
  'dendrogram of metrics': () =>
    drawDendrogram({ ...analysis.metricClusters!, axis: '1 − |Spearman|', caption: ['Average linkage.'] }),
  reliability: () =>
    drawReliability(
      [
        { title: ['photo (ID)'], networks },
        { title: ['sketch'], networks: networks.slice(1) },
      ],
      10,
    ),
  radar: () => drawRadar(radar.panels, radar.levels, radar.by),
  'label-free estimates': () => drawLabelFree(analysis.labelFree.filter(({ pair }) => pair.id === 'photo')),
};
