import type { TradeOffPoint } from '../../analysis/fairness/study/trade-offs/methods.js';
import { traceTradeOffs } from '../../analysis/fairness/study/trade-offs/trade-offs.js';
import { summarize } from '../../analysis/summary.js';
import { chosen, explainCertified, explainDraws, explainGap, explainManyGroups, gapLabel } from './notes.js';
import { type Contents, estimate, type FairnessOf, row, text } from './parts.js';

/** Accuracy and gap of every method at every setting. */
export function tabulateTradeOffs(study: FairnessOf, dataset: string): Contents {
  const at = (point: TradeOffPoint, set: 'validation' | 'test', of: 'accuracy' | 'ddp') =>
    estimate(summarize(point.seeds.map((seed) => seed[set][of])));
  return {
    title: `Accuracy and gap between ${study.groups.join(' and ')} on ${dataset}`,
    caption: [
      explainGap(study),
      chosen,
      'Group thresholds of true groups need everybody’s group when they decide; all others decide without it.',
      ...explainCertified(study),
      ...explainManyGroups(study),
      ...explainDraws(study),
    ],
    stub: ['method', 'setting'],
    columns: [
      { group: 'validation', label: 'accuracy' },
      { group: 'validation', label: gapLabel(study) },
      { group: 'test', label: 'accuracy' },
      { group: 'test', label: gapLabel(study) },
      { label: 'seeds' },
    ],
    rows: traceTradeOffs(study.arms).map((point) =>
      row(
        '',
        [point.method, point.setting],
        [
          at(point, 'validation', 'accuracy'),
          at(point, 'validation', 'ddp'),
          at(point, 'test', 'accuracy'),
          at(point, 'test', 'ddp'),
          text(String(point.seeds.length)),
        ],
      ),
    ),
  };
}
