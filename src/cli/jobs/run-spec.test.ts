import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { doToyRun, toySpec, toyStudy } from '../../launchers/testing/toy-run.js';
import type { RunPaths } from '../../runs/folder.js';
import { openRun } from '../../runs/run.js';
import { readRunSpec } from './run-spec.js';

let resultsFolder = '';
beforeEach(() => {
  resultsFolder = mkdtempSync(join(tmpdir(), 'heldout-test-'));
});
afterEach(() => rmSync(resultsFolder, { recursive: true }));

const spec = toySpec(2);

async function work(): Promise<RunPaths> {
  const opened = openRun({ resultsFolder, study: toyStudy, spec });
  if (opened.outcome !== 'open') throw new Error(opened.outcome);
  await doToyRun(opened.run);
  return opened.run.paths;
}

it('says what a run is, as it was begun', async () => {
  const { folder } = await work();
  expect(readRunSpec(folder)).toEqual({ study: toyStudy, spec });
});

it.each([
  ['resolved', 60, 'it is not the config of run'],
  ['resolved', 4, 'it has no keys'],
  ['config', 0, 'it has no keys'],
  ['provenance', 5, 'it cannot be read'],
] as const)(
  'refuses a %s that ends after %i bytes; the same command makes it good',
  async (file, bytes, why) => {
    const paths = await work();
    truncateSync(paths[file], bytes);
    expect(() => readRunSpec(paths.folder)).toThrow(
      expect.objectContaining({
        code: 'E_RUN_DAMAGED',
        place: paths[file],
        message: expect.stringContaining(why),
        exitCode: 1,
      }),
    );
    await work();
    expect(readRunSpec(paths.folder).spec).toEqual(spec);
  },
);
