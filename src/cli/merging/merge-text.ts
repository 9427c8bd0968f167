import type { ChosenSum } from '../../analysis/fairness/choose-sum.js';
import type { Criterion } from '../../analysis/fairness/criteria.js';
import { decideAbove, type Measured, measureDecisions } from '../../analysis/fairness/decisions.js';
import { gapError } from '../../analysis/fairness/fronts.js';
import type { People } from '../../analysis/fairness/people.js';
import { decideGroups } from '../../analysis/fairness/search/group-rules.js';
import type { PredictionsTable } from '../../evaluation/predictions.js';
import { layOut } from '../output/columns.js';
import type { MergeOptions } from './merge-options.js';
import type { TwoHeadedRun } from './two-headed-run.js';
import type { Merger } from './write-merged.js';

const gapNames: Readonly<Record<Criterion, string>> = {
  demographic_parity: '|DDP|',
  equal_opportunity: 'gap of true-positive rates',
  equalized_odds_max: 'larger gap of true- and false-positive rates',
};

/** What was chosen, and on whom. */
export function describeChoice(
  { run, spec, protected: group }: TwoHeadedRun,
  { accuracy, size, people, certificate }: ChosenSum,
  { within, criterion, certify }: MergeOptions,
): string {
  const name = gapNames[criterion];
  const shuffled = (spec.config.objective as { readonly shuffled?: boolean }).shuffled === true;
  const lines = [
    `Heads of run ${run} (${group.name}: ${group.levels.join(', ')}), ${name} at most ${within}: accuracy ${accuracy.toFixed(4)} and gap ${size.toFixed(4)} among ${people} people of validation`,
  ];
  if (shuffled) lines.push('Its second head learned shuffled groups: a negative control');
  if (certificate !== undefined) {
    lines.push(
      `Certified: with ${100 * certify!} % confidence the ${name} of the population is at most ${within}; among the other ${certificate.people} people it is ${certificate.observed.toFixed(4)}, and their bound ${certificate.bound.toFixed(4)}`,
    );
  }
  return lines.join('\n');
}

/** The rule in words. */
export function describeRule({ source, weights, constant }: Merger): string {
  const { target, protected: group, offset } = source;
  const positive = `${target.name} = ${target.levels[1]}`;
  const terms = weights.map((weight, at) => {
    const head = weights.length === 1 ? 'g' : `g(${group.levels[at]})`;
    return `${weight < 0 ? '−' : '+'} ${Math.abs(weight).toPrecision(5)} ${head}`;
  });
  const sum = `f ${terms.join(' ')} ${constant < 0 ? '−' : '+'} ${Math.abs(constant).toPrecision(5)}`;
  const lines = [`Decides ${positive} where ${sum} > 0; f is the logit of ${target.name}`];
  const [weight = 0] = weights;
  const [zero, one] = group.levels;
  const ways = weight < 0 ? `${(-weight).toPrecision(3)} more` : `${weight.toPrecision(3)} less`;
  if (weights.length > 1) {
    lines.push(
      `g(${zero}), ..: the outputs of the second head, larger the more somebody looks like that group`,
    );
  } else if (offset === 0) {
    lines.push(`g: the output of the second head, above 0 where it takes somebody for ${one}`);
    lines.push(`each 1 that g is larger, f must be ${ways}`);
  } else {
    const needed = (g: number) => (0 - constant - weight * g).toPrecision(3).replace('-', '−');
    lines.push(
      `g: the output of the second head, near 1 where it takes somebody for ${one}, and 0 for ${zero}`,
    );
    lines.push(
      `so f must be above ${needed(1)} for who looks like ${one}, and above ${needed(0)} for ${zero}`,
    );
  }
  return lines.map((line) => `  ${line}`).join('\n');
}

/** Rates of the target's own head, of the sum of both and of the merged network, side by side for every set. */
export function describeRates(
  { sets, target, protected: group }: TwoHeadedRun,
  { rule }: ChosenSum,
  merged: PredictionsTable,
): string {
  const blocks = [...sets].map(([set, { people, f, g, ids }]) => {
    const own = logitsOf(merged, target.name, set);
    const decisions = [decideAbove(f), decideGroups({ f, g }, rule), decideAbove(own)] as const;
    const measured = decisions.map((each) => measureDecisions(people, each));
    const changed = (a: Uint8Array, b: Uint8Array) => String(a.filter((each, i) => each !== b[i]).length);
    const rows = [
      ...listRates(people, group.levels).map(({ label, of }) => [
        label,
        ...measured.map((one) => show(of(one))),
      ]),
      [
        'decided otherwise than by f > 0',
        '',
        changed(decisions[1], decisions[0]),
        changed(decisions[2], decisions[0]),
      ],
      ['decided otherwise than by the sum', '', '', changed(decisions[2], decisions[1])],
    ];
    const heads = [`${set}, ${ids.length} people`, 'f > 0', 'two heads', 'merged net'];
    return `${layOut(heads, rows, 'lrrr')}\n${describeError(people, measured[2]!)}`;
  });
  return blocks.join('\n\n');
}

/** The logits of a binary target in a set. */
function logitsOf(table: PredictionsTable, target: string, set: string): Float64Array {
  const rows = table.set.flatMap((own, row) => (own === set ? [row] : []));
  const pairs = table.logits![target]!;
  return Float64Array.from(rows, (row) => pairs[2 * row + 1]! - pairs[2 * row]!);
}

type Rate = (measured: Measured) => number | undefined;

function listRates({ groups }: People, levels: readonly string[]): { label: string; of: Rate }[] {
  const which = groups === 2 ? `${levels[1]} minus ${levels[0]}` : 'largest minus smallest';
  const gap =
    (rate: 'truePositive' | 'falsePositive'): Rate =>
    (measured) => {
      const rates = measured.groups.map((each) => each[rate]);
      const known = rates.filter((each) => each !== undefined);
      if (known.length < groups) return undefined;
      return groups === 2 ? known[1]! - known[0]! : Math.max(...known) - Math.min(...known);
    };
  return [
    { label: 'accuracy', of: ({ accuracy }) => accuracy },
    { label: `DDP, ${which}`, of: ({ ddp }) => ddp },
    { label: `true positives, ${which}`, of: gap('truePositive') },
    { label: `false positives, ${which}`, of: gap('falsePositive') },
    ...levels.flatMap((level, at) => [
      { label: `positive decisions, ${level}`, of: (one: Measured) => one.groups[at]!.positive },
      { label: `true-positive rate, ${level}`, of: (one: Measured) => one.groups[at]!.truePositive },
      { label: `false-positive rate, ${level}`, of: (one: Measured) => one.groups[at]!.falsePositive },
    ]),
  ];
}

/** How far the gap of a set may be off by chance: a gap near the slack on one set need not be so on another. */
function describeError(people: People, { groups }: Measured): string {
  const rate = groups.reduce((sum, { size, positive }) => sum + size * positive, 0) / people.count;
  const [least = 1, next = 1] = groups.map(({ size }) => size).sort((a, b) => a - b);
  return `  standard error of the DDP ${gapError(rate, least, next).toFixed(3)}`;
}

function show(rate: number | undefined): string {
  if (rate === undefined) return 'none';
  return rate.toFixed(4).replace('-', '−');
}
