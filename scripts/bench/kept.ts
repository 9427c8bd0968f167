import { cpus } from 'node:os';
import { join } from 'node:path';
import { timestamp } from '../../src/core/clock.js';
import { readTextIfThere, writeFileAtomic } from '../../src/core/files/files.js';
import { fromRoot } from '../../src/core/files/paths.js';
import { isJsonObject } from '../../src/core/json.js';
import type { BenchOptions } from './options.js';

/** What was measured, and when. */
export interface Kept<T> {
  readonly time: string;
  readonly value: T;
  /** Whether it was measured by an earlier command. */
  readonly before: boolean;
}

/**
 * Measures something once: it is kept in results/bench/NAME.json, from where the next command takes it unless
 * `again` is asked for, or settings or machine are others.
 */
export async function measureOnce<T>(
  name: string,
  chosen: object,
  { quick, again }: BenchOptions,
  measure: () => Promise<T>,
): Promise<Kept<T>> {
  const path = join(fromRoot('results'), 'bench', `${name}${quick ? '-quick' : ''}.json`);
  const settings = { ...chosen, node: process.version, processor: cpus()[0]?.model ?? '' };
  const known = again ? undefined : read(path);
  if (known !== undefined && JSON.stringify(known.settings) === JSON.stringify(settings)) {
    return { time: String(known.time), value: known.value as T, before: true };
  }
  const value = await measure();
  const time = timestamp();
  writeFileAtomic(path, `${JSON.stringify({ time, settings, value })}\n`);
  return { time, value, before: false };
}

/** `, measured 2026-01-01 10:00 (--again repeats it)` of what an earlier command measured. */
export function describeAge({ before, time }: Kept<unknown>): string {
  return before ? `, measured ${time.slice(0, 16).replace('T', ' ')} (--again repeats it)` : '';
}

function read(path: string): Record<string, unknown> | undefined {
  try {
    const kept: unknown = JSON.parse(readTextIfThere(path) ?? '');
    return isJsonObject(kept) ? kept : undefined;
  } catch {
    // Missing, or damaged: measured again.
    return undefined;
  }
}
