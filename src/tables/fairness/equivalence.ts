import { type Equivalence, testEquivalence } from '../../analysis/fairness/study/equivalence.js';
import type { Summary } from '../../analysis/summary.js';
import { formatNumber, type Row } from '../table.js';
import { tabulateRefusal } from './many-groups.js';
import { chosen, explainGap } from './notes.js';
import { type Contents, estimate, type FairnessOf, row, text } from './parts.js';

/** Whether fair nets decide as two heads do (claim C1), and whether the unfair one can be had back (C2). */
export function tabulateEquivalence(study: FairnessOf, dataset: string): Contents {
  const title = `Fair nets and two heads on ${dataset}`;
  if (study.groups.length > 2) return tabulateRefusal(study, title);
  const rows = testEquivalence(study.arms).flatMap((one) => [...agreements(one), ...recoveries(one)]);
  return {
    title,
    caption: [
      'Agreement: share of test people about whom a line through the heads f and g of another net decides as the fair net does; ceiling: a fair net of another seed. Non-inferiority holds where the lower 95 % limit of agreement minus ceiling, paired over people, lies above −0.015.',
      'Recovery: accuracy and DDP of the fair net’s logit plus c, and plus b g + c, where accuracy alone counts; own linear probe: a logistic regression that tells the group from the fair net’s last hidden layer stands for g.',
      'Control: the same with a group head that learned shuffled groups.',
      explainGap(study),
      chosen,
    ],
    stub: ['fair net', 'what'],
    columns: [{ label: 'agreement' }, { label: 'accuracy' }, { label: 'DDP' }, { label: 'remark' }],
    rows,
  };
}

function agreements({ strength, agreement, ratio, nonInferiority }: Equivalence): Row[] {
  const line = (what: string, share: Summary | undefined, remark = '') =>
    share === undefined
      ? []
      : [
          row(
            'claim C1: agreement',
            [`λ = ${strength}`, what],
            [estimate(share), text(''), text(''), text(remark)],
          ),
        ];
  const weight = ratio === undefined ? '' : `weight of g by that of f ${formatNumber(ratio.mean)}`;
  const verdict =
    nonInferiority === undefined
      ? weight
      : `${weight}; minus ceiling ${formatNumber(nonInferiority.difference)}, limit ${formatNumber(nonInferiority.lowerLimit)}: ${nonInferiority.holds ? 'not inferior' : 'not shown'}`;
  return [
    ...line('f > 0', agreement.raw),
    ...line('f, best threshold', agreement.offset),
    ...line('f and true group', agreement.trueGroup),
    ...line('f and g', agreement.bothHeads, verdict),
    ...line('ceiling: fair net of another seed', agreement.retrained),
    ...line('control: f of a net with shuffled g, best threshold', agreement.controlOffset),
    ...line('control: f and shuffled g', agreement.control),
  ];
}

function recoveries({ strength, recovery }: Equivalence): Row[] {
  const names = {
    fair: 'the fair net',
    offset: 'its logit + c',
    withHead: 'its logit + b g + c',
    withProbe: 'its logit + b × own linear probe + c',
    control: 'control: shuffled g',
    unconstrained: 'unconstrained net',
  } as const;
  return Object.entries(names).flatMap(([key, what]) => {
    const found = recovery[key as keyof typeof names];
    if (found === undefined) return [];
    const cells = [text(''), estimate(found.accuracy), estimate(found.ddp), text('')];
    return [row('claim C2: recovery', [`λ = ${strength}`, what], cells)];
  });
}
