import type { Interval } from '../page-data.js';

/** With a minus sign of its own, and none before a zero. */
export function formatNumber(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** `0.834 ± 0.004`; one seed has no interval. */
export function formatInterval([mean, halfWidth]: Interval, digits = 3): string {
  if (halfWidth === null) return formatNumber(mean, digits);
  return `${formatNumber(mean, digits)} ± ${halfWidth.toFixed(digits)}`;
}

export function formatShare(value: number): string {
  return `${formatNumber(100 * value, 1)} %`;
}

export function formatShareInterval(interval: Interval | null): string {
  if (interval === null) return '';
  const [mean, halfWidth] = interval;
  return halfWidth === null
    ? formatShare(mean)
    : `${formatNumber(100 * mean, 1)} ± ${(100 * halfWidth).toFixed(1)} %`;
}

/** How an interval is to be read. */
export function describeInterval(seeds: number): string {
  return seeds > 1
    ? `mean ± half-width of the 95 % Student t interval over ${seeds} seeds`
    : 'one seed, so no interval';
}
