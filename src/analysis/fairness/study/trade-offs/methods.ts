import { decideAbove, measureDecisions } from '../../decisions.js';
import { armsOf, countGroups, type FairArm } from '../arms.js';

/** How people come to be decided about; thresholds of true groups alone need anybody's group when they decide. */
export const methods = [
  'unconstrained',
  'regularised',
  'two heads',
  'two heads, f > 0',
  'two heads, certified',
  'thresholds of predicted groups',
  'one threshold',
  'reweighed',
  'adversarial',
  'exponentiated gradient',
  'thresholds of true groups',
  'constant',
  'control: regularised on shuffled groups',
] as const;
export type Method = (typeof methods)[number];

/** One setting of a method on the people of one set. */
export interface Standing {
  readonly accuracy: number;
  /** Rate of group 1 minus that of group 0; of more than two groups the largest minus the smallest. */
  readonly ddp: number;
}

/** One setting of a method for one seed, chosen on validation. */
export interface SeedPoint {
  readonly seed: string;
  readonly validation: Standing;
  readonly test: Standing;
}

/** One setting of a method. */
export interface TradeOffPoint {
  readonly method: Method;
  /** `λ = 5`, `|DDP| ≤ 0.01`; empty where there is but one. */
  readonly setting: string;
  /** Of a certified rule, what its gap in the population is at most. */
  readonly bound?: number;
  readonly seeds: readonly SeedPoint[];
}

/** Gaps that a rule is asked to keep to, besides those of the curve. */
export const namedGaps = [0.01, 0.05, 0.1] as const;
/** Of the curve, whatever the unconstrained net has: OxonFair's demonstration asks for it. */
const otherGaps = [0.02] as const;
/** Points of a curve, at equal distances up to the gap of the unconstrained net. */
export const curvePoints = 11;

/** What the gap is called: of two groups it has a sign. */
export function nameGap(arms: readonly FairArm[]): string {
  return countGroups(arms) > 2 ? 'gap' : '|DDP|';
}

/**
 * Slacks that rules are searched within: the named gaps and others, and more up to the mean gap of the unconstrained nets.
 * Of more than two groups the named ones: each takes a descent of seconds.
 */
export function listSlacks(arms: readonly FairArm[]): number[] {
  if (countGroups(arms) > 2) return [...namedGaps];
  const gaps = (armsOf(arms, 'unconstrained')[0]?.runs ?? []).map(({ validation: { people, f } }) =>
    Math.abs(measureDecisions(people, decideAbove(f)).ddp),
  );
  const most = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const curve = Array.from({ length: curvePoints - 1 }, (_, at) =>
    Number(((most * at) / curvePoints + 0.001).toFixed(3)),
  );
  return [...new Set([...(gaps.length === 0 ? [] : curve), ...namedGaps, ...otherGaps])].sort(
    (a, b) => a - b,
  );
}

/** The setting of a rule that keeps to a slack. */
export function nameSlack(slack: number, gap = '|DDP|'): string {
  return `${gap} ≤ ${formatGap(slack)}`;
}

/** The setting of a net that is drawn to parity. */
export function nameStrength(strength: number): string {
  return `λ = ${strength}`;
}

export function formatGap(value: number): string {
  return String(Number(value.toPrecision(3)));
}
