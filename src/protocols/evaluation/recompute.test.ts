import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTextIfThere, writeFileAtomic } from '../../core/files/files.js';
import { encodeRecord, readRecord } from '../../evaluation/record.js';
import { readStatus } from '../../runs/status.js';
import { evaluateRun, recomputeRecord } from '../index.js';
import { makeResults, type Results, runJob, smallConfig, smallTraining } from '../testing/jobs.js';

let results: Results;
beforeEach(() => {
  results = makeResults();
});
afterEach(() => results.remove());

const reference = (evaluation: object = { train_examples: 20, test_examples: 30 }) =>
  smallConfig({ model: { name: 'train_mean' }, protocol: { name: 'reference' }, evaluation });
const recompute = (config: ReturnType<typeof smallConfig>) =>
  runJob(config, results, { work: recomputeRecord, evaluate: true });

it('makes the record that the evaluation made', async () => {
  const { run } = await runJob(reference(), results);
  const expected = readTextIfThere(run.paths.record);
  writeFileAtomic(run.paths.record, encodeRecord({ ...readRecord(run.paths.record)!, rows: [] }));
  const { end } = await recompute(reference());
  expect(end.outcome).toBe('finished');
  expect(readTextIfThere(run.paths.record)).toBe(expected);
});

it('refuses the predictions of another evaluation, and leaves the run as it was', async () => {
  const training = { ...smallTraining, steps: 2 };
  const { run } = await runJob(smallConfig({ training }), results);
  const before = readStatus(run.paths, run.id);
  const other = smallConfig({ training, evaluation: { train_examples: 50, test_examples: 71 } });
  await expect(recompute(other)).rejects.toMatchObject({
    code: 'E_PREDICTIONS_OTHER',
    hints: [`npm run experiment -- evaluate ${run.id}`],
    exitCode: 1,
  });
  expect(readStatus(run.paths, run.id)).toEqual(before);
  rmSync(run.paths.record);
  await expect(recompute(smallConfig({ training }))).rejects.toMatchObject({ code: 'E_RECORD_MISSING' });
});

it('refuses a run whose training is not complete', async () => {
  const config = smallConfig({ training: { ...smallTraining, steps: 20 } });
  const { run } = await runJob(config, results, { stopAt: ({ type }) => type === 'checkpoint' });
  await expect(recompute(config)).rejects.toMatchObject({ code: 'E_RUN_NOT_TRAINED', exitCode: 1 });
  await expect(runJob(config, results, { work: evaluateRun, evaluate: true })).rejects.toMatchObject({
    code: 'E_RUN_NOT_TRAINED',
  });
  expect(readStatus(run.paths, run.id)?.state).toBe('interrupted');
});

it('a damaged split.json is written anew', async () => {
  const config = smallConfig();
  const { run } = await runJob(config, results);
  const split = readTextIfThere(run.paths.split);
  writeFileAtomic(run.paths.split, '{"rule": "extra');
  expect((await runJob(config, results)).end.outcome).toBe('finished');
  expect(readTextIfThere(run.paths.split)).toBe(split);
});
