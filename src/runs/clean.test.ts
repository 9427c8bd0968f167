import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileAtomic } from '../core/files/files.js';
import { doToyRun, toySpec, toyStudy } from '../launchers/testing/toy-run.js';
import { findRemovable, removeItems } from './clean.js';
import { runFolder, runPaths } from './folder.js';
import { listRuns } from './list.js';
import { openRun, type RunHandle } from './run.js';

let resultsFolder = '';
beforeEach(() => {
  resultsFolder = mkdtempSync(join(tmpdir(), 'heldout-test-'));
});
afterEach(() => rmSync(resultsFolder, { recursive: true }));

function open(seed: number): RunHandle {
  const opened = openRun({ resultsFolder, study: toyStudy, spec: toySpec(seed) });
  if (opened.outcome !== 'open') throw new Error(opened.outcome);
  return opened.run;
}

it('lists runs with their state and holder', async () => {
  expect(listRuns(resultsFolder)).toEqual([]);
  await doToyRun(open(0));
  open(1).fail(new Error('no'));
  open(2).interrupt();
  const held = open(3);
  writeFileAtomic(join(resultsFolder, 'runs', toyStudy, 'notes', 'mine.txt'), '');
  const states = Object.fromEntries(listRuns(resultsFolder).map(({ run, status }) => [run, status?.state]));
  expect(states).toEqual({
    [toySpec(0).run]: 'done',
    [toySpec(1).run]: 'failed',
    [toySpec(2).run]: 'interrupted',
    [toySpec(3).run]: 'running',
  });
  expect(listRuns(resultsFolder, 'another')).toEqual([]);
  held.interrupt();
});

it('removes half-written files and, on request, failed runs; never what is in work', async () => {
  await doToyRun(open(0));
  open(1).fail(new Error('no'));
  const held = open(2);
  const half = [
    join(runFolder(resultsFolder, toyStudy, toySpec(0).run), 'record.json.4194303.tmp'),
    join(resultsFolder, 'tables', 'study', 'table.md.4194303.tmp'),
    join(resultsFolder, 'runs', toyStudy, '0123456789.removed.4194303.tmp'),
  ];
  const kept = [
    join(held.paths.folder, 'record.json.4194303.tmp'),
    join(resultsFolder, 'tables', 'study', `table.md.${process.pid}.tmp`),
  ];
  for (const path of [...half, ...kept]) writeFileAtomic(path, '12345');

  const found = findRemovable({ resultsFolder });
  expect(found.map(({ path, bytes }) => [path, bytes]).sort()).toEqual(half.map((path) => [path, 5]).sort());
  const all = findRemovable({ resultsFolder, failed: true });
  expect(all.filter(({ reason }) => reason === 'failed run')).toHaveLength(1);
  for (const path of half) expect(existsSync(path)).toBe(true);

  expect(removeItems(all)).toHaveLength(4);
  for (const path of half) expect(existsSync(path)).toBe(false);
  for (const path of kept) expect(existsSync(path)).toBe(true);
  expect(
    listRuns(resultsFolder)
      .map(({ run }) => run)
      .sort(),
  ).toEqual([toySpec(0).run, toySpec(2).run].sort());
  held.interrupt();
});

it('leaves a run alone that was taken up since', () => {
  open(1).fail(new Error('no'));
  const found = findRemovable({ resultsFolder, failed: true });
  const held = open(1);
  expect(removeItems(found)).toEqual([]);
  expect(existsSync(runPaths(held.paths.folder).status)).toBe(true);
  held.interrupt();
});
