import type { Interval } from '../../analysis/transfer/statistics/bootstrap.js';
import type { Cell, Row } from '../table.js';

/** A number; a dash where there is none to have. */
export function value(number: number | undefined): Cell {
  return number === undefined || !Number.isFinite(number) ? text('–') : { kind: 'value', value: number };
}

/** A whole number. */
export function count(number: number): Cell {
  return text(number.toLocaleString('en'));
}

export function interval(ends: Interval | undefined): Cell {
  return ends === undefined ? text('–') : { kind: 'interval', low: ends.low, high: ends.high };
}

/** Small probabilities by their size. */
export function chance(p: number): Cell {
  if (!Number.isFinite(p)) return text('–');
  return p !== 0 && p < 0.001
    ? text(p < 1e-99 ? '< 1e-99' : p.toExponential(0))
    : { kind: 'value', value: p };
}

export function text(what: string): Cell {
  return { kind: 'text', text: what };
}

export function row(header: readonly string[], cells: readonly Cell[], section = ''): Row {
  return { header, section, ranked: false, cells };
}

export const columns = (...labels: readonly string[]) => labels.map((label) => ({ label }));

export const percent = (level: number) => `${Number((100 * level).toFixed(2))} %`;

/** Metrics as a paper names them. */
export function metricName(metric: string): string {
  const [name, altered] = metric.split('@') as [string, string?];
  const known: Readonly<Record<string, string>> = {
    cross_entropy: 'NLL',
    ece: 'ECE',
    brier: 'Brier',
    top_5_accuracy: 'top-5 accuracy',
    top_10_accuracy: 'top-10 accuracy',
  };
  const shown = known[name] ?? name.replaceAll('_', ' ');
  return altered === undefined ? shown : `${shown} (${altered})`;
}

/** `ID ece` as `ID ECE`. */
export function variableName(variable: string): string {
  return `${variable.slice(0, variable.indexOf(' '))} ${metricName(variable.slice(variable.indexOf(' ') + 1))}`;
}
