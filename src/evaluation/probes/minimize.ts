import type { Precondition } from './precondition.js';

/** A smooth convex function along straight lines from where it stands. */
export interface Descent {
  /** Its gradient there. */
  readonly gradient: Float64Array;
  /** Its value there. */
  value(): number;
  /** Points along a direction: value and slope at a distance. */
  aim(direction: Float64Array): (distance: number) => { readonly value: number; readonly slope: number };
  /** Moves to the distance that was last asked for, along the direction that was last aimed. */
  move(distance: number): void;
}

export interface Minimum {
  /** Euclidean norm of the gradient. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Pairs of steps and gradient differences that are remembered. */
const memory = 12;
/** A line is searched until its slope is this share of what it was: what is left costs less elsewhere. */
const slopeLeft = 0.25;
const mostTries = 40;

/**
 * Preconditioned L-BFGS (Nocedal & Wright 2006, algorithm 7.4): the estimate of the inverse Hessian takes the place of
 * the first scaling. Ends where the gradient's Euclidean norm is at most `tolerance`, after `mostIterations`, or where
 * rounding leaves nothing to gain.
 */
export function minimize(
  descent: Descent,
  precondition: Precondition,
  { tolerance, mostIterations }: { readonly tolerance: number; readonly mostIterations: number },
): Minimum {
  const { gradient } = descent;
  const pairs: { readonly step: Float64Array; readonly change: Float64Array; readonly inner: number }[] = [];
  let iterations = 0;
  let norm = Math.sqrt(dot(gradient, gradient));
  while (norm > tolerance && iterations < mostIterations) {
    const direction = Float64Array.from(gradient, (value) => -value);
    const factors = pairs.map(() => 0);
    for (let at = pairs.length - 1; at >= 0; at--) {
      const { step, change, inner } = pairs[at]!;
      factors[at] = dot(step, direction) / inner;
      addScaled(direction, change, -factors[at]!);
    }
    precondition(direction);
    for (const [at, { step, change, inner }] of pairs.entries())
      addScaled(direction, step, factors[at]! - dot(change, direction) / inner);
    const before = gradient.slice();
    const distance = searchLine(descent, direction, dot(before, direction));
    if (distance === undefined) {
      // The memory may mislead: without it the direction is one of descent for certain.
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    descent.move(distance);
    iterations++;
    norm = Math.sqrt(dot(gradient, gradient));
    const step = direction.map((value) => distance * value);
    const change = gradient.map((value, at) => value - before[at]!);
    const inner = dot(step, change);
    if (inner > 0) pairs.push({ step, change, inner });
    if (pairs.length > memory) pairs.shift();
  }
  return { gradientNorm: norm, iterations, converged: norm <= tolerance };
}

/**
 * A distance at which the slope is small and the value not above the start; undefined where the direction does not lead
 * down or rounding hides it. The slope of a convex function along a line only grows: its zero is bracketed.
 */
function searchLine(descent: Descent, direction: Float64Array, slope: number): number | undefined {
  if (!(slope < 0)) return undefined;
  const start = descent.value();
  // Differences of values below this are rounding.
  const slack = 1e-13 * Math.max(1, Math.abs(start));
  const look = descent.aim(direction);
  let low = { distance: 0, slope };
  let high: { distance: number; slope: number } | undefined;
  let distance = 1;
  for (let tried = 0; tried < mostTries; tried++) {
    const found = look(distance);
    if (Math.abs(found.slope) <= -slopeLeft * slope && found.value <= start + slack) return distance;
    if (found.slope > 0 || found.value > start + slack || Number.isNaN(found.value))
      high = { distance, slope: found.slope };
    else low = { distance, slope: found.slope };
    distance = nextDistance(low, high);
  }
  return undefined;
}

interface Point {
  readonly distance: number;
  readonly slope: number;
}

/** Where a straight slope would be zero, within what is bracketed, and away from its ends. */
function nextDistance(low: Point, high: Point | undefined): number {
  if (high === undefined) return 4 * Math.max(low.distance, 0.25);
  const width = high.distance - low.distance;
  const share = low.slope / (low.slope - high.slope);
  return low.distance + width * (Number.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.5);
}

export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}

function addScaled(to: Float64Array, what: Float64Array, factor: number): void {
  for (let at = 0; at < to.length; at++) to[at]! += factor * what[at]!;
}
