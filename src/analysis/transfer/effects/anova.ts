import type { TransferRecord } from '../records.js';
import { solveSymmetric } from '../statistics/linear-system.js';
import { upperTailOfF } from '../statistics/tails.js';
import { listOutcomes, type NetworkOutcome, type Outcome, outcomes } from './outcomes.js';

/** One line of an analysis of variance. */
export interface AnovaLine {
  readonly factor: string;
  readonly degrees: number;
  /** What the model with all other factors leaves more of than the model with this one, too (type II). */
  readonly sumOfSquares: number;
  readonly f: number;
  readonly p: number;
  /** Share of the total sum of squares. */
  readonly etaSquared: number;
}

export interface Anova {
  readonly outcome: Outcome;
  readonly networks: number;
  readonly lines: readonly AnovaLine[];
  readonly residual: { readonly degrees: number; readonly sumOfSquares: number };
  readonly total: number;
}

/** A factor with a level for most of the networks explains everything and says nothing. */
const largestShareOfLevels = 0.5;

/**
 * Main effects of all factors and of the ID set on each outcome, over networks. A factor that follows from others has no
 * degrees of freedom and is left out. Undefined where nothing is left for the residual.
 */
export function analyseVariance(records: readonly TransferRecord[]): Anova[] {
  const networks = listOutcomes(records);
  return outcomes.flatMap((outcome) => {
    const known = networks.filter(({ values }) => Number.isFinite(values[outcome]));
    const anova = analyse(known, outcome);
    return anova === undefined ? [] : [anova];
  });
}

function analyse(networks: readonly NetworkOutcome[], outcome: Outcome): Anova | undefined {
  const factors = listCoded(networks);
  const mean = networks.reduce((sum, { values }) => sum + values[outcome], 0) / networks.length;
  const y = networks.map(({ values }) => values[outcome] - mean);
  const total = y.reduce((sum, value) => sum + value * value, 0);
  if (factors.length === 0 || !(total > 0)) return undefined;
  const equations = sumProducts(factors, y);
  const full = residualOf(
    equations,
    total,
    factors.map(() => true),
  );
  const degrees = networks.length - full.rank;
  if (degrees < 1) return undefined;
  const lines = factors.flatMap(({ name }, at): AnovaLine[] => {
    const reduced = residualOf(
      equations,
      total,
      factors.map((_, other) => other !== at),
    );
    const own = full.rank - reduced.rank;
    if (own === 0) return [];
    const sumOfSquares = Math.max(0, reduced.sum - full.sum);
    const f = sumOfSquares / own / (full.sum / degrees);
    const p = upperTailOfF(f, own, degrees);
    return [{ factor: name, degrees: own, sumOfSquares, f, p, etaSquared: sumOfSquares / total }];
  });
  return {
    outcome,
    networks: networks.length,
    lines,
    residual: { degrees, sumOfSquares: full.sum },
    total,
  };
}

interface Coded {
  readonly name: string;
  /** Column of every network's level, from 1; 0 for the first level. */
  readonly codes: readonly number[];
  readonly levels: number;
}

function listCoded(networks: readonly NetworkOutcome[]): Coded[] {
  const names = [...new Set(networks.flatMap(({ factors }) => Object.keys(factors)))];
  const columns = [
    ...names.map((name) => ({ name, values: networks.map(({ factors }) => factors[name] ?? '') })),
    { name: 'ID set', values: networks.map(({ task, id }) => `${task}\n${id}`) },
  ];
  return columns.flatMap(({ name, values }) => {
    const levels = [...new Set(values)];
    if (levels.length < 2 || levels.length > largestShareOfLevels * networks.length) return [];
    return [{ name, codes: values.map((value) => levels.indexOf(value)), levels: levels.length }];
  });
}

interface Equations {
  /** Of (1, a column for every level but the first of each factor). */
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  readonly size: number;
  /** Factor of each column; −1 for the mean. */
  readonly owner: readonly number[];
}

function sumProducts(factors: readonly Coded[], y: readonly number[]): Equations {
  const starts: number[] = [];
  const owner = [-1];
  for (const [at, { levels }] of factors.entries()) {
    starts.push(owner.length - 1);
    for (let level = 1; level < levels; level++) owner.push(at);
  }
  const size = owner.length;
  const xx = new Float64Array(size * size);
  const xy = new Float64Array(size);
  for (const [row, value] of y.entries()) {
    const columns = [0];
    for (const [at, { codes }] of factors.entries())
      if (codes[row]! > 0) columns.push(starts[at]! + codes[row]!);
    for (const a of columns) {
      xy[a]! += value;
      for (const b of columns) xx[a * size + b]! += 1;
    }
  }
  return { xx, xy, size, owner };
}

/** What least squares with some of the factors leaves, and its rank. */
function residualOf(
  { xx, xy, size, owner }: Equations,
  total: number,
  kept: readonly boolean[],
): { readonly sum: number; readonly rank: number } {
  const columns = owner.flatMap((factor, at) => (factor === -1 || kept[factor] ? [at] : []));
  const some = columns.length;
  const matrix = Float64Array.from({ length: some * some }, (_, at) => {
    return xx[columns[Math.floor(at / some)]! * size + columns[at % some]!]!;
  });
  const right = Float64Array.from(columns, (at) => xy[at]!);
  const { x, rank } = solveSymmetric(matrix, right, some);
  const explained = x.reduce((sum, value, at) => sum + value * right[at]!, 0);
  return { sum: Math.max(0, total - explained), rank };
}
