import { listMergedRules, shareOfGroupOne } from '../../analysis/fairness/study/merged-rules.js';
import { formatNumber } from '../table.js';
import { tabulateRefusal } from './many-groups.js';
import { chosen } from './notes.js';
import { type Contents, estimate, type FairnessOf, row, text } from './parts.js';

/** The head that two heads make within a gap. */
export function tabulateRules(study: FairnessOf, dataset: string): Contents {
  const title = `Two heads as one on ${dataset}`;
  if (study.groups.length > 2) return tabulateRefusal(study, title);
  const [zero, one] = study.groups;
  const share = shareOfGroupOne(study.arms);
  return {
    title,
    caption: [
      'Decisions are f + b g + c > 0: f is the logit of the target, g the output of the group head.',
      `In theory −c/b is the share of ${one}${share === undefined ? '' : ` (${formatNumber(share.mean)})`} where g is graded as the share of a group among people alike.`,
      `f over: what f is asked to exceed at the mean g of ${zero} and of ${one}.`,
      chosen,
    ],
    stub: ['setting'],
    columns: [
      { label: 'b' },
      { label: 'c' },
      { label: '−c/b' },
      { group: 'f over', label: zero },
      { group: 'f over', label: one },
      { label: 'seeds' },
    ],
    rows: listMergedRules(study.arms).map(({ gap, b, c, balance, thresholds }) =>
      row('', [`|DDP| ≤ ${gap}`], [b, c, balance, ...thresholds].map(estimate).concat(text(String(b.n)))),
    ),
  };
}
