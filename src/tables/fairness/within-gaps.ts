import {
  methods,
  namedGaps,
  nameGap,
  type TradeOffPoint,
} from '../../analysis/fairness/study/trade-offs/methods.js';
import { traceTradeOffs } from '../../analysis/fairness/study/trade-offs/trade-offs.js';
import { chooseWithinGaps } from '../../analysis/fairness/study/trade-offs/within-gaps.js';
import { summarize } from '../../analysis/summary.js';
import { type Cell, formatNumber } from '../table.js';
import { explainCertified, explainDraws, explainGap, explainManyGroups, gapLabel } from './notes.js';
import { type Contents, estimate, type FairnessOf, row, text } from './parts.js';

/** The most that every method reaches within a gap. */
export function tabulateWithinGaps(study: FairnessOf, dataset: string): Contents {
  const points = traceTradeOffs(study.arms);
  const found = chooseWithinGaps(points);
  const gapName = nameGap(study.arms);
  const hasHeads = study.arms.some(({ kind, shuffled }) => kind === 'two_heads' && !shuffled);
  return {
    title: `Accuracy within a gap on ${dataset}`,
    caption: [
      explainGap(study),
      'For every seed the most accurate setting whose gap on validation is at most the limit, at its test values; where none is, the seed is left out (kept: seeds of which one is). none: no setting keeps to the limit for any seed; nearest: the smallest gap on validation among its settings, mean over seeds.',
      ...explainCertified(study),
      ...explainManyGroups(study),
      'Test values differ from the limit by chance: on n people by about sqrt(r(1 − r)(1/n1 + 1/n0)).',
      ...explainDraws(study),
    ],
    stub: ['method'],
    columns: namedGaps.flatMap((gap) => [
      { group: `${gapName} ≤ ${gap}`, label: 'accuracy', best: 'highest' as const },
      { group: `${gapName} ≤ ${gap}`, label: gapLabel(study) },
      { group: `${gapName} ≤ ${gap}`, label: 'kept' },
    ]),
    rows: methods.flatMap((method) => {
      const own = found.filter((one) => one.method === method);
      const isCertified = method === 'two heads, certified';
      const isThere = isCertified ? hasHeads : points.some((point) => point.method === method);
      if (!isThere) return [];
      const cells = namedGaps.flatMap((gap): Cell[] => {
        const one = own.find((within) => within.gap === gap);
        if (one === undefined) {
          return isCertified
            ? [text('n too small'), text(''), text('')]
            : [text('none'), text(tellNearest(points, method)), text('')];
        }
        return [estimate(one.accuracy), estimate(one.ddp), text(`${one.met} of ${one.seeds}`)];
      });
      return [{ ...row('', [method], cells), ranked: method !== 'constant' }];
    }),
  };
}

/** The smallest gap on validation that a method has at any setting, mean over seeds. */
function tellNearest(points: readonly TradeOffPoint[], method: TradeOffPoint['method']): string {
  const gaps = points
    .filter((point) => point.method === method)
    .flatMap(({ seeds }) => summarize(seeds.map(({ validation }) => Math.abs(validation.ddp)))?.mean ?? []);
  return gaps.length === 0 ? '' : `nearest ${formatNumber(Math.min(...gaps))}`;
}
