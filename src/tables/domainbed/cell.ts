import { numpyDeviation, numpyMean } from '../../selection/numpy-sum.js';

export type Format = 'text' | 'latex';

export interface Cell {
  /** In per cent; undefined where there is nothing to average. */
  readonly mean: number | undefined;
  readonly text: string;
}

/** Mean and standard error of accuracies over trials, as DomainBed's format_mean has them; an X for none. */
export function meanCell(accuracies: readonly number[], format: Format): Cell {
  if (accuracies.length === 0) return { mean: undefined, text: 'X' };
  const mean = 100 * numpyMean(accuracies);
  const root = Math.sqrt(accuracies.length);
  const error = 100 * numpyDeviation(accuracies.map((value) => value / root));
  const sign = format === 'latex' ? '$\\pm$' : '+/-';
  return { mean, text: `${tenths(mean)} ${sign} ${tenths(error)}` };
}

/** The mean of a row's means, as long as none is missing. */
export function averageCell(cells: readonly Cell[]): string {
  let sum = 0;
  for (const { mean } of cells) {
    if (mean === undefined) return 'X';
    sum += mean;
  }
  return tenths(sum / cells.length);
}

/** Python's `{:.1f}`: to the nearest tenth, of two equally near ones the even, where JavaScript takes the larger. */
export function tenths(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const magnitude = Math.abs(value);
  const isTieAboveEven = magnitude % 1 === 0.25;
  const text = isTieAboveEven ? `${Math.floor(magnitude)}.2` : magnitude.toFixed(1);
  return value < 0 || Object.is(value, -0) ? `-${text}` : text;
}
