import { cellsPerGroup, type GroupCounts } from './counts.js';

type Cells = readonly [number, number, number, number];

interface Fraction {
  /** How often a person of each cell (true negative, false positive, false negative, true positive) counts above the line. */
  readonly above: Cells;
  /** The same below the line. */
  readonly below: Cells;
  /** What a group has none of where its fraction has no value. */
  readonly among: string;
}

const everyone: Cells = [1, 1, 1, 1];
const positives: Cells = [0, 0, 1, 1];
const negatives: Cells = [1, 1, 0, 0];
const chosen: Cells = [0, 1, 0, 1];
const rejected: Cells = [1, 0, 1, 0];
const person = 'person';
const positive = 'person of the positive class';
const negative = 'person of the negative class';
const decidedPositive = 'person who is decided positive';
const decidedNegative = 'person who is decided negative';

/** Proportions of a group's people: each is binomial, given how many there are below the line. */
export const proportions = {
  positive_rate: { above: chosen, below: everyone, among: person },
  base_rate: { above: positives, below: everyone, among: person },
  true_positive_rate: { above: [0, 0, 0, 1], below: positives, among: positive },
  false_positive_rate: { above: [0, 1, 0, 0], below: negatives, among: negative },
  true_negative_rate: { above: [1, 0, 0, 0], below: negatives, among: negative },
  false_negative_rate: { above: [0, 0, 1, 0], below: positives, among: positive },
  positive_predictive_value: { above: [0, 0, 0, 1], below: chosen, among: decidedPositive },
  false_discovery_rate: { above: [0, 1, 0, 0], below: chosen, among: decidedPositive },
  negative_predictive_value: { above: [1, 0, 0, 0], below: rejected, among: decidedNegative },
  false_omission_rate: { above: [0, 0, 1, 0], below: rejected, among: decidedNegative },
  accuracy: { above: [1, 0, 0, 1], below: everyone, among: person },
  error_rate: { above: [0, 1, 1, 0], below: everyone, among: person },
} as const satisfies Readonly<Record<string, Fraction>>;

/** Fractions of counts that are no proportions. */
const quotients = {
  f1: { above: [0, 0, 0, 2], below: [0, 1, 1, 2], among: 'positive, true or decided' },
  /** False positives for each false negative. */
  error_ratio: { above: [0, 1, 0, 0], below: [0, 0, 1, 0], among: 'false negative' },
} as const satisfies Readonly<Record<string, Fraction>>;

export type ProportionName = keyof typeof proportions;
export const proportionNames = Object.keys(proportions) as readonly ProportionName[];
const fractions: Readonly<Record<ProportionName | keyof typeof quotients, Fraction>> = {
  ...proportions,
  ...quotients,
};
type FractionName = keyof typeof fractions;
const fractionNames = Object.keys(fractions) as readonly FractionName[];

/** What is known of each group: proportions, quotients, and Matthews' correlation of truth and decision. */
export type RateName = FractionName | 'mcc';

/** Per quantity a number of each group, then that of everyone together. */
type Columns = Readonly<Record<RateName, Float64Array>>;

export interface Rates {
  /** Number of groups: index of everyone in all columns. */
  readonly groups: number;
  /** `[groups + 1, 4]`: the groups' confusion tables, then everyone's. */
  readonly cells: Float64Array;
  /** NaN where nobody is below the line. */
  readonly of: Columns;
  /** The same with 1 below the line where nobody is, as OxonFair's max(1, count) has it. */
  readonly filled: Columns;
}

/** Room for the rates of so many groups; `fillRates` gives them values. */
export function createRates(groups: number): Rates {
  const columns = () =>
    Object.fromEntries(
      [...fractionNames, 'mcc'].map((name) => [name, new Float64Array(groups + 1)]),
    ) as unknown as Columns;
  return {
    groups,
    cells: new Float64Array((groups + 1) * cellsPerGroup),
    of: columns(),
    filled: columns(),
  };
}

/** The rates of counts. */
export function ratesOf({ groups, cells }: GroupCounts): Rates {
  const rates = createRates(groups.length);
  fillRates(rates, cells);
  return rates;
}

/** Computes all rates of the groups' cells `[groups, 4]`. */
export function fillRates({ groups, cells: table, of, filled }: Rates, cells: Float64Array): void {
  const all = groups * cellsPerGroup;
  table.fill(0, all);
  for (let at = 0; at < all; at++) {
    const count = cells[at]!;
    table[at] = count;
    table[all + (at & 3)]! += count;
  }
  for (const name of fractionNames) {
    const { above, below } = fractions[name];
    const [known, full] = [of[name], filled[name]];
    for (let group = 0; group <= groups; group++) {
      const from = weigh(table, group, below);
      const part = weigh(table, group, above);
      known[group] = from === 0 ? Number.NaN : part / from;
      full[group] = from === 0 ? part : part / from;
    }
  }
  for (let group = 0; group <= groups; group++) {
    const at = group * cellsPerGroup;
    const [tn, fp, fn, tp] = [table[at]!, table[at + 1]!, table[at + 2]!, table[at + 3]!];
    const scale = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
    of.mcc[group] = scale === 0 ? Number.NaN : (tp * tn - fp * fn) / scale;
    filled.mcc[group] = scale === 0 ? 0 : of.mcc[group]!;
  }
}

/** People above and below the line of a proportion of a group. */
export function countProportion(
  { cells }: Rates,
  name: ProportionName,
  group: number,
): readonly [above: number, below: number] {
  const { above, below } = proportions[name];
  return [weigh(cells, group, above), weigh(cells, group, below)];
}

/** What a group has none of where this quantity has no value. */
export function amongOf(name: RateName): string {
  return name === 'mcc' ? 'variation of truth or decision' : fractions[name].among;
}

function weigh(cells: Float64Array, group: number, weights: Cells): number {
  const at = group * cellsPerGroup;
  return (
    weights[0] * cells[at]! +
    weights[1] * cells[at + 1]! +
    weights[2] * cells[at + 2]! +
    weights[3] * cells[at + 3]!
  );
}
