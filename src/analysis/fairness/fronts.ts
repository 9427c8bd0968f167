/** What a rule or a net comes to on one set. */
export interface TradeOff {
  /** Size of the gap, at least 0. */
  readonly disparity: number;
  readonly accuracy: number;
}

/** The same rule on the set that chooses and on the set that reports. */
export interface ChosenAndReported {
  readonly validation: TradeOff;
  readonly test: TradeOff;
}

/**
 * Points of which no other is at least as accurate and as fair, and better in one; equal ones all stay. From fairest to
 * most accurate. Rules are not mixed at random here, so between points the front is a staircase and not its hull.
 */
export function paretoStaircase<T extends TradeOff>(points: readonly T[]): T[] {
  const sorted = [...points].sort((p, q) => p.disparity - q.disparity || q.accuracy - p.accuracy);
  const kept: T[] = [];
  for (const point of sorted) {
    const last = kept.at(-1);
    const same = last !== undefined && last.accuracy === point.accuracy && last.disparity === point.disparity;
    if (last === undefined || point.accuracy > last.accuracy || same) kept.push(point);
  }
  return kept;
}

/** The front on validation, with each of its points' values at test, which need not be a front. */
export function chooseFront<T extends ChosenAndReported>(points: readonly T[]): T[] {
  const staircase = paretoStaircase(points.map((point) => ({ ...point.validation, point })));
  return staircase.map(({ point }) => point);
}

/**
 * The most accurate point on validation whose gap there is at most `most` (among equals the fairer, then the first), to be
 * reported at its test values. Undefined where none is.
 */
export function chooseWithin<T extends ChosenAndReported>(points: readonly T[], most: number): T | undefined {
  let best: T | undefined;
  for (const point of points) {
    const { accuracy, disparity } = point.validation;
    if (!(disparity <= most)) continue;
    const gain = best === undefined ? 1 : accuracy - best.validation.accuracy;
    if (gain > 0 || (gain === 0 && disparity < best!.validation.disparity)) best = point;
  }
  return best;
}

/** The point whose gap on validation is nearest to one asked for: the regulariser near some DDP. */
export function chooseNearest<T extends ChosenAndReported>(
  points: readonly T[],
  disparity: number,
): T | undefined {
  const distance = (point: T) => Math.abs(point.validation.disparity - disparity);
  return points.reduce<T | undefined>(
    (best, point) => (best === undefined || distance(point) < distance(best) ? point : best),
    undefined,
  );
}

/**
 * Mean height of the staircase over gaps from 0 to `width` (that of the unconstrained net): the area under it, divided by
 * its width. Where no point is so fair, the height is `floor`, the accuracy of deciding alike about everybody. `width`
 * above 0.
 */
export function areaUnderStaircase(points: readonly TradeOff[], width: number, floor: number): number {
  if (!(width > 0)) throw new RangeError(`a width is above 0, not ${width}`);
  let [area, from, height] = [0, 0, floor];
  for (const { disparity, accuracy } of paretoStaircase(points)) {
    const at = Math.min(width, disparity);
    area += height * (at - from);
    from = at;
    height = Math.max(height, accuracy);
  }
  return (area + height * (width - from)) / width;
}

/**
 * Standard error of a gap between the rates of two groups of n0 and n1 people, where both are near `rate`: what a
 * constraint fitted on so many people can be off elsewhere.
 */
export function gapError(rate: number, n0: number, n1: number): number {
  return Math.sqrt(rate * (1 - rate) * (1 / n0 + 1 / n1));
}
