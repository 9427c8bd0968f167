import { stream } from '../../../random/stream.js';
import type { TransferRecord } from '../records.js';
import { decompose } from '../statistics/eigen.js';
import { chanceEigenvalues } from './parallel-analysis.js';
import { type Extraction, extractFactors, leadingLoadings } from './principal-axis.js';
import { type Rotation, rotatePromax, rotateVarimax } from './rotate.js';
import { correlate, type Standardised, standardise } from './variables.js';

export interface FactorAnalysis {
  readonly variables: readonly string[];
  /** Variables that were left out, with the reason. */
  readonly left: Standardised['left'];
  readonly rows: number;
  readonly networks: number;
  /** `[variables, variables]`, row-major. */
  readonly correlations: Float64Array;
  /** Of the correlations, the largest first: the scree. */
  readonly eigenvalues: Float64Array;
  /** What chance alone reaches in 95 of 100 draws. */
  readonly chance: Float64Array;
  /** Factors by each rule: eigenvalues above 1 (Kaiser), and above chance (parallel analysis). */
  readonly counts: { readonly kaiser: number; readonly parallel: number };
  readonly factors: number;
  readonly extraction: Extraction;
  readonly varimax: Rotation;
  readonly promax: Rotation;
  /** Loadings `[variables, factors]` of as many principal components. */
  readonly components: Float64Array;
}

export interface FactorOptions {
  /** How many factors; by parallel analysis unless given. */
  readonly factors?: number | undefined;
  readonly seed?: number;
}

const fewestVariables = 3;

/**
 * Factors behind the metrics of networks on ID and OOD sets. Variables are standardised within their task, so that nothing
 * is found which only tells tasks apart. Chance eigenvalues are those of as many rows as there are networks: rows of one
 * network are not independent. Undefined for fewer than three variables or no more networks than variables.
 */
export function analyseFactors(
  records: readonly TransferRecord[],
  options: FactorOptions = {},
): FactorAnalysis | undefined {
  return factorVariables(standardise(records), options);
}

/** The same of variables that are standardised already. */
export function factorVariables(
  table: Standardised,
  { factors: asked, seed = 0 }: FactorOptions = {},
): FactorAnalysis | undefined {
  const { names, rows, networks, left } = table;
  const size = names.length;
  if (size < fewestVariables || networks <= size) return undefined;
  const correlations = correlate(table);
  const { values: eigenvalues } = decompose(correlations, size);
  const chance = chanceEigenvalues(size, networks, stream(seed, 'transfer', 'parallel'));
  const counts = {
    kaiser: eigenvalues.filter((value) => value > 1).length,
    parallel: countLeading(eigenvalues, (value, at) => value > chance[at]!),
  };
  const factors = Math.max(1, Math.min(size - 1, asked ?? counts.parallel));
  const extraction = extractFactors(correlations, size, factors);
  const varimax = rotateVarimax(extraction.loadings, size, factors);
  return {
    variables: names,
    left,
    rows,
    networks,
    correlations,
    eigenvalues,
    chance,
    counts,
    factors,
    extraction,
    varimax,
    promax: rotatePromax(varimax, size, factors),
    components: leadingLoadings(correlations, size, factors),
  };
}

function countLeading(values: Float64Array, holds: (value: number, at: number) => boolean): number {
  const first = values.findIndex((value, at) => !holds(value, at));
  return first === -1 ? values.length : first;
}
