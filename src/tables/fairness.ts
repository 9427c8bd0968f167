import type { FairArm } from '../analysis/fairness/study/arms.js';
import { type Equivalence, testEquivalence } from '../analysis/fairness/study/equivalence.js';
import { listMergedRules, shareOfGroupOne } from '../analysis/fairness/study/merged-rules.js';
import { methods, namedGaps, nameGap, type TradeOffPoint } from '../analysis/fairness/study/methods.js';
import { traceTradeOffs } from '../analysis/fairness/study/trade-offs.js';
import { listTreatments, measureThresholdBand } from '../analysis/fairness/study/treatment.js';
import { chooseWithinGaps } from '../analysis/fairness/study/within-gaps.js';
import { type Summary, summarize } from '../analysis/summary.js';
import { tabulateGroupFlips, tabulateRefusal } from './fairness-groups.js';
import { explainCertified, explainGap, explainManyGroups, gapLabel } from './fairness-notes.js';
import { toCell } from './held-out.js';
import { type Cell, formatNumber, type Row, type Table } from './table.js';

/** What a study of fairness has on one dataset; of two groups, group 1 is the second. */
export interface FairnessOf {
  readonly split: string;
  readonly target: string;
  readonly protected: string;
  readonly groups: readonly [string, string, ...string[]];
  readonly arms: readonly FairArm[];
  /** Runs that are left out because a set lacks one of the groups. */
  readonly leftOut?: number;
}

type Contents = Omit<Table, 'name'>;

const text = (what: string): Cell => ({ kind: 'text', text: what });
const estimate = (summary: Summary | undefined): Cell => toCell(summary, true);
const row = (section: string, header: readonly string[], cells: readonly Cell[]): Row => ({
  ...{ section, header, cells },
  ranked: false,
});

/** Of methods that decide by chance. */
function explainDraws({ arms }: FairnessOf): string[] {
  if (!arms.some(({ kind }) => kind === 'reductions')) return [];
  return [
    'Exponentiated gradient: randomised logistic regressions; shown are the decisions that were drawn, once for everybody.',
  ];
}

const chosen = 'Every rule is chosen on the validation set of its seed, and shown at its test values.';

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
