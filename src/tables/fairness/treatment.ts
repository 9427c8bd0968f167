import { listTreatments, measureThresholdBand } from '../../analysis/fairness/study/treatment.js';
import { formatNumber } from '../table.js';
import { tabulateGroupFlips } from './many-groups.js';
import { chosen } from './notes.js';
import { type Contents, estimate, type FairnessOf, row, text } from './parts.js';

/** Who is decided about differently. */
export function tabulateTreatment(study: FairnessOf, dataset: string): Contents {
  if (study.groups.length > 2) return tabulateGroupFlips(study, dataset);
  const [zero, one] = study.groups;
  const band = measureThresholdBand(study.arms);
  const shares = (group: string) =>
    ['loses', 'gains', 'against intent', 'swap'].map((label) => ({ group, label }));
  return {
    title: `Who is treated differently on ${dataset}`,
    caption: [
      'Shares of each group at test. loses, gains: a positive decision, compared with f > 0 (of regularised nets: of the unconstrained net); against intent: those who lose in the disadvantaged group and gain in the advantaged one; swap: decided otherwise if the group head saw the mean of the other group.',
      'Matched gap: rate of positive decisions in the second group minus the first among people of like unconstrained score (40 bins): near 0 where groups are not treated differently.',
      ...(band === undefined
        ? []
        : [
            `Between the thresholds of true groups at equal rates, where the group alone decides, lie ${formatNumber(band.shares[0].mean)} of ${zero} and ${formatNumber(band.shares[1].mean)} of ${one}.`,
          ]),
      chosen,
    ],
    stub: ['way of deciding'],
    columns: [...shares(zero), ...shares(one), { label: 'matched gap' }],
    rows: listTreatments(study.arms).map(({ way, groups, matchedGap }) =>
      row(
        '',
        [way],
        [
          ...groups.flatMap(({ rejected, accepted, other, swapped }) => [
            ...[rejected, accepted, other].map(estimate),
            swapped === undefined ? text('') : estimate(swapped),
          ]),
          estimate(matchedGap),
        ],
      ),
    ),
  };
}
