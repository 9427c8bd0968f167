import { type Axis, fromAxis, toAxis } from '../../analysis/transfer/fits/axis.js';
import type { Domain } from '../fairness/scatter.js';
import type { Axes } from '../marks.js';

const candidates = [
  ...[0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
  ...[0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999],
];
/** Share of an axis that two labels are apart at least. */
const apart = 0.09;

/** The part of a scale that shows all values, and a little more. */
export function domainOf(values: readonly number[], least = 0): Domain {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return [0, 1];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const edge = Math.max(0.06 * (high - low), (least - (high - low)) / 2, 1e-6);
  return [low - edge, high + edge];
}

/** Accuracies with a label on a part of a scale, in percent, none in the way of another. */
export function chooseTicks(
  axis: Axis,
  [low, high]: Domain,
): { readonly at: number; readonly label: string }[] {
  const [first, last] = [fromAxis(axis, low), fromAxis(axis, high)];
  const fine = last - first < 0.3;
  const wanted = fine ? evenly(first, last) : candidates.filter((one) => one >= first && one <= last);
  const ticks: { at: number; label: string }[] = [];
  // Round numbers are kept before others.
  const order = [...wanted].sort(
    (a, b) => roundness(a) - roundness(b) || Math.abs(a - 0.5) - Math.abs(b - 0.5),
  );
  for (const accuracy of order) {
    const at = toAxis(axis, accuracy);
    if (ticks.some((other) => Math.abs(other.at - at) < apart * (high - low))) continue;
    ticks.push({ at, label: String(Number((100 * accuracy).toFixed(2))) });
  }
  return ticks.sort((a, b) => a.at - b.at);
}

function evenly(first: number, last: number): number[] {
  const span = Math.max(1e-6, last - first);
  const step = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1].find((one) => span / one <= 7) ?? 0.1;
  const from = Math.ceil(first / step);
  return Array.from({ length: Math.floor(last / step) - from + 1 }, (_, at) => (from + at) * step).filter(
    (one) => one > 0 && one < 1,
  );
}

/** Round as seen from 0 and 100 percent. */
const ends = [0.1, 1, 99, 99.9];

function roundness(accuracy: number): number {
  const percent = Number((100 * accuracy).toFixed(4));
  if (percent % 10 === 0) return 0;
  return percent % 5 === 0 || ends.includes(percent) ? 1 : 2;
}

/** Places marks on two scales of accuracy that are labelled in percent; a title of null leaves it out. */
export function accuracyAxes(
  axis: Axis,
  [x, y]: readonly [Domain, Domain],
  titles: { readonly x: string | null; readonly y: string | null },
): (fieldX?: string, fieldY?: string) => Axes {
  const make = (domain: Domain, title: string | null) => {
    const ticks = chooseTicks(axis, domain);
    const labels = ticks.reduceRight(
      (rest, { at, label }) => `abs(datum.value - (${at})) < 1e-9 ? "${label}" : ${rest}`,
      '""',
    );
    return {
      type: 'quantitative' as const,
      scale: { domain: [...domain], nice: false, zero: false },
      axis: { title, values: ticks.map(({ at }) => at), labelExpr: labels, grid: true },
    };
  };
  const [across, upright] = [make(x, titles.x), make(y, titles.y)];
  return (fieldX = 'x', fieldY = 'y') => ({
    x: { field: fieldX, ...across },
    y: { field: fieldY, ...upright },
  });
}

/** Places marks on two plain scales; the labels at their ends stand below their ticks as all others do. */
export function plainAxes(
  [x, y]: readonly [Domain, Domain],
  titles: { readonly x: string | null; readonly y: string | null },
  [countX, countY]: readonly [number, number] = [6, 6],
): (fieldX?: string, fieldY?: string) => Axes {
  const make = (domain: Domain, title: string | null, tickCount: number) => ({
    type: 'quantitative' as const,
    scale: { domain: [...domain], nice: false, zero: false },
    axis: { title, tickCount, grid: true, labelFlush: false as const },
  });
  const [across, upright] = [make(x, titles.x, countX), make(y, titles.y, countY)];
  return (fieldX = 'x', fieldY = 'y') => ({
    x: { field: fieldX, ...across },
    y: { field: fieldY, ...upright },
  });
}
