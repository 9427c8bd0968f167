import type { FairArm } from '../../analysis/fairness/study/arms.js';
import {
  type Certified,
  certifyWithin,
  confidence,
} from '../../analysis/fairness/study/trade-offs/certified.js';
import { namedGaps, nameGap } from '../../analysis/fairness/study/trade-offs/methods.js';
import { formatNumber } from '../table.js';

interface GroupsOf {
  readonly protected: string;
  readonly groups: readonly string[];
  readonly arms: readonly FairArm[];
  readonly leftOut?: number;
}

/** What gaps are among these groups: of two they have a sign. */
export function explainGap({ groups, protected: name }: GroupsOf): string {
  if (groups.length > 2) {
    return `Gap is the largest minus the smallest rate of positive decisions among the ${groups.length} groups of ${name}: ${groups.join(', ')}.`;
  }
  return `DDP is the rate of positive decisions among ${groups[1]} minus that among ${groups[0]} (${name}), with its sign.`;
}

/** The gap in the header of a column. */
export function gapLabel({ groups }: GroupsOf): string {
  return groups.length > 2 ? 'gap (max − min)' : 'DDP';
}

/** What is left out, and how rules are found where groups are more than two. */
export function explainManyGroups({ groups, leftOut = 0 }: GroupsOf): readonly string[] {
  const left =
    leftOut === 0
      ? []
      : [
          `Left out: ${leftOut} runs, of whose validation or test people nobody belongs to one of the groups.`,
        ];
  if (groups.length <= 2) return left;
  return [
    ...left,
    `Of more than two groups, two heads are ${groups.length + 1}: that of the target and one for each group, f − Σ t g + c, searched by coordinate descent, which need not find the best; thresholds of true groups are exact. Searches keep to ${namedGaps.join(', ')} alone; the page is for two groups.`,
  ];
}

/** What it means that a rule is certified, and where people were too few for it. */
export function explainCertified({ arms }: GroupsOf): readonly string[] {
  const found = certifyWithin(arms, namedGaps);
  if (found.length === 0) return [];
  const gap = nameGap(arms);
  const refused = namedGaps.flatMap((limit) => {
    const own = found.filter((one) => one.gap === limit && one.decideOn === undefined);
    return own.length === 0 ? [] : [`${gap} ≤ ${limit} ${tellNeed(own)}`];
  });
  return [
    `Two heads, certified: chosen on one half of the validation people and certified on the other half (${listSizes(found)} people), by exact binomial bounds on the rates of all groups: with ${100 * confidence} % confidence the gap in the population that these people are drawn from is at most the limit, for each seed and limit by itself.`,
    ...(refused.length === 0 ? [] : [`n too small: ${refused.join('; ')}.`]),
  ];
}

function tellNeed(own: readonly Certified[]): string {
  const refused = own.flatMap((one) => one.refused ?? []);
  if (refused.length === 0) return '(a half has too few people of some group)';
  const least = formatNumber(Math.min(...refused.map(({ bound }) => bound)));
  const needs = refused.map(({ needed }) => needed).filter(Number.isFinite);
  const most = Number(Math.max(...needs).toPrecision(2)).toLocaleString('en');
  return needs.length === 0
    ? `(the nearest bound is ${least})`
    : `(the nearest bound is ${least}; it takes about ${most} people, and more where there is some gap)`;
}

function listSizes(found: readonly Certified[]): string {
  const sizes = found.map(({ people }) => people);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)].map((size) => size.toLocaleString('en'));
  return least === most ? `${least}` : `${least} to ${most}`;
}

/** When choices are made. */
export const chosen = 'Every rule is chosen on the validation set of its seed, and shown at its test values.';

/** Of methods that decide by chance. */
export function explainDraws({ arms }: GroupsOf): string[] {
  if (!arms.some(({ kind }) => kind === 'reductions')) return [];
  return [
    'Exponentiated gradient: randomised logistic regressions; shown are the decisions that were drawn, once for everybody.',
  ];
}
