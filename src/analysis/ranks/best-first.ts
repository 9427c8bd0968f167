import { rank } from '../transfer/statistics/correlation.js';

/** Ranks from 1 for the highest value; equal ones, in twelve digits, share the mean of theirs. */
export function rankBestFirst(values: readonly number[]): readonly number[] {
  return [...rank(values.map((value) => -Number(value.toPrecision(12))))];
}
