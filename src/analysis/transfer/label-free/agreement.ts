import { choose } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';
import { clipAccuracy, fromAxis, toAxis } from '../fits/axis.js';
import { fitLine, type Line } from '../fits/fit.js';
import { pearson } from '../statistics/correlation.js';
import type { PairPredictions } from './predictions.js';

/** Two networks, by their places, and how often they answer alike, on probit axes. */
export interface Agreement {
  readonly a: number;
  readonly b: number;
  readonly id: number;
  readonly ood: number;
}

export interface AgreementLine {
  readonly agreements: readonly Agreement[];
  /** Of the agreements: OOD on ID. */
  readonly line: Line;
  readonly pearson: number;
  /** OOD accuracy of every network as the line says it. */
  readonly alineS: readonly number[];
  /** The same by the differences of accuracy and agreement; NaN for fewer than three networks, and without a line. */
  readonly alineD: readonly number[];
}

const mostPairs = 50_000;

/**
 * Agreement on the line (Baek, Jiang, Raghunathan and Kolter 2022, "Agreement-on-the-line: Predicting the performance of
 * neural networks under distribution shift"): where the accuracies of networks lie on a line on probit axes, the shares of
 * examples on which two of them agree lie on a line with the same slope and intercept, and no label of the OOD set is
 * needed to find it. Where R² of that line is low (the authors ask for 0.95) its estimates mean little.
 *
 * ALine-S: Φ(intercept + slope · Φ⁻¹(ID accuracy)). ALine-D: the least-squares solution w of
 * (w_a + w_b) / 2 = Φ⁻¹(OOD agreement) + slope · ((Φ⁻¹(ID accuracy a) + Φ⁻¹(ID accuracy b)) / 2 − Φ⁻¹(ID agreement)) over
 * all pairs of networks, and then Φ(w).
 *
 * All pairs of networks up to 50,000, beyond which so many are drawn. Undefined for fewer than two networks.
 */
export function agreeOnTheLine(networks: readonly PairPredictions[], seed = 0): AgreementLine | undefined {
  const n = networks.length;
  if (n < 2) return undefined;
  const agreements = listPairs(n, seed).map(([a, b]): Agreement => {
    const [one, other] = [networks[a]!, networks[b]!];
    return { a, b, id: agree(one.id.answer, other.id.answer), ood: agree(one.ood.answer, other.ood.answer) };
  });
  const [x, y] = [agreements.map(({ id }) => id), agreements.map(({ ood }) => ood)];
  const line = fitLine(x, y);
  const known = networks.map(({ idAccuracy, id }) =>
    toAxis('probit', clipAccuracy(idAccuracy, id.answer.length)),
  );
  const alineS = known.map((value) => fromAxis('probit', line.intercept + line.slope * value));
  const solved =
    n < 3 || Number.isNaN(line.slope)
      ? known.map(() => Number.NaN)
      : solveDifferences(agreements, known, line.slope);
  return {
    agreements,
    line,
    pearson: pearson(x, y),
    alineS,
    alineD: solved.map((w) => fromAxis('probit', w)),
  };
}

function listPairs(n: number, seed: number): [number, number][] {
  const all = (n * (n - 1)) / 2;
  const numbers =
    all <= mostPairs
      ? Uint32Array.from({ length: all }, (_, at) => at)
      : choose(stream(seed, 'transfer', 'agreements'), all, mostPairs).sort();
  let [a, start] = [0, 0];
  return Array.from(numbers, (number) => {
    while (number >= start + n - 1 - a) {
      start += n - 1 - a;
      a += 1;
    }
    return [a, a + 1 + number - start];
  });
}

/** Share of equal answers on probit axes. */
function agree(a: Int32Array, b: Int32Array): number {
  let same = 0;
  for (let row = 0; row < a.length; row++) if (a[row] === b[row]) same += 1;
  return toAxis('probit', clipAccuracy(same / a.length, a.length));
}

/** Conjugate gradients on the normal equations of ALine-D, from the networks' ID accuracies. */
function solveDifferences(
  agreements: readonly Agreement[],
  known: readonly number[],
  slope: number,
): number[] {
  const target = agreements.map(({ a, b, id, ood }) => ood + slope * ((known[a]! + known[b]!) / 2 - id));
  const residuals = (w: ArrayLike<number>, right: (at: number) => number) => {
    const out = new Float64Array(known.length);
    for (const [at, { a, b }] of agreements.entries()) {
      const value = right(at) - (w[a]! + w[b]!) / 2;
      out[a]! += value / 2;
      out[b]! += value / 2;
    }
    return out;
  };
  const x = Float64Array.from(known);
  let r = residuals(x, (at) => target[at]!);
  let p = Float64Array.from(r);
  let size = dot(r, r);
  const enough = 1e-24 * Math.max(1, dot(Float64Array.from(target), Float64Array.from(target)));
  for (let step = 0; step < 20 * known.length && size > enough; step++) {
    const ap = residuals(p, () => 0).map((value) => -value);
    const along = size / dot(p, ap);
    for (let at = 0; at < x.length; at++) x[at]! += along * p[at]!;
    r = r.map((value, at) => value - along * ap[at]!);
    const next = dot(r, r);
    p = p.map((value, at) => r[at]! + (next / size) * value);
    size = next;
  }
  return Array.from(x);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}
