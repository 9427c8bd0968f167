import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLaunch, writeLaunch } from './launch-facts.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heldout-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (...line: string[]) => writeLaunch(folder, { resultsFolder: '/results', threads: 2, line });

it('keeps two launches of one plan apart', () => {
  const first = write('seed=0');
  const second = write('seed=0', '--retry-failed');
  expect(readLaunch(first).environment.environment.command).toContain('seed=0');
  expect(readLaunch(first).environment.environment.command).not.toContain('--retry-failed');
  expect(readLaunch(second).environment.environment.command).toContain('--retry-failed');
  expect(readdirSync(folder).every((name) => /^launch-[0-9a-f]{10}\.json$/.test(name))).toBe(true);
});

it('refuses what is damaged or missing', () => {
  const path = write();
  truncateSync(path, 20);
  for (const each of [path, join(folder, 'launch-0.json')])
    expect(() => readLaunch(each)).toThrow(
      expect.objectContaining({ code: 'E_LAUNCH_DAMAGED', place: each, exitCode: 1 }),
    );
});
