import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeldoutError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files/files.js';
import { doToyRun, toySpec, toyStudy } from '../launchers/testing/toy-run.js';
import { openRun } from '../runs/run.js';
import { newStatus } from '../runs/status.js';
import { estimateSeconds, rememberRate } from './estimate.js';
import { buildPlan, type ComposedJob, readPlan, readPlannedJob, sweepFolder, writePlan } from './plan.js';
import { planStatus, selectJobs } from './plan-status.js';

let results = '';
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'heldout-test-'));
});
afterEach(() => rmSync(results, { recursive: true }));

function compose(seed: number, evaluationSeed = 0): ComposedJob {
  const { config, composed, overrides, provenance } = toySpec(seed, 6, evaluationSeed);
  const axes = { model: 'toy', seed: String(seed) };
  return { axes, protocol: 'supervised', config, composed, overrides, provenance };
}

const plan = buildPlan('sweep', toyStudy, [compose(0), compose(1), compose(0), compose(2)]);

describe('buildPlan', () => {
  it('numbers jobs in order, labels them, and takes equal runs once', () => {
    expect(plan.jobs.map(({ index, run, label }) => [index, run, label])).toEqual([
      [0, toySpec(0).run, 'model=toy seed=0'],
      [1, toySpec(1).run, 'model=toy seed=1'],
      [2, toySpec(2).run, 'model=toy seed=2'],
    ]);
  });
});

describe('writePlan', () => {
  it('writes what readPlan reads, under a name that another launch does not touch', () => {
    const first = writePlan(results, plan);
    expect(readPlan(first)).toEqual(plan);
    const second = writePlan(results, { ...plan, jobs: plan.jobs.slice(0, 1) });
    expect(readPlan(first)).toEqual(plan);
    expect(readPlan(join(sweepFolder(results, 'sweep'), 'plan.jsonl')).jobs).toHaveLength(1);
    expect(readPlan(second).jobs).toHaveLength(1);
    expect(readPlannedJob(first, 2)).toEqual({ name: 'sweep', study: toyStudy, job: plan.jobs[2] });
  });

  it('keeps the last plans only', () => {
    for (let seed = 0; seed < 12; seed++) writePlan(results, buildPlan('sweep', toyStudy, [compose(seed)]));
    expect(readdirSync(sweepFolder(results, 'sweep'))).toHaveLength(10);
  });
});

describe('readPlan', () => {
  it('refuses what is missing, cut, changed or of another version', () => {
    const path = writePlan(results, plan);
    const text = readFileSync(path, 'utf8');
    expect(() => readPlannedJob(path, 3)).toThrow(/no job 3, only 0 to 2/);
    expect(() => readPlan(join(results, 'none.jsonl'))).toThrow(HeldoutError);
    const harmed = [
      text.slice(0, text.length / 2),
      text.split('\n').slice(0, 2).join('\n'),
      text.replace('"schema":2', '"schema":1'),
      text.replace('"steps":6', '"steps":7'),
      '',
    ];
    for (const content of harmed) {
      writeFileAtomic(path, content);
      expect(() => readPlan(path), content.slice(0, 40)).toThrow(/damaged, or another version/);
    }
  });
});

describe('planStatus', () => {
  async function work(index: number, end: 'finish' | 'fail' | 'interrupt'): Promise<string> {
    const spec = plan.jobs[index];
    if (spec === undefined) throw new Error('no such job');
    const opened = openRun({ resultsFolder: results, study: toyStudy, spec });
    if (opened.outcome !== 'open') throw new Error(opened.outcome);
    if (end === 'finish') await doToyRun(opened.run);
    if (end === 'fail') opened.run.fail(new Error('not finite'));
    if (end === 'interrupt') opened.run.interrupt();
    return opened.run.paths.folder;
  }
  const states = () => planStatus(plan, results).jobs.map(({ state }) => state);

  it('reads from the disk what is done, failed, interrupted and to do', async () => {
    expect(states()).toEqual(['queued', 'queued', 'queued']);
    await work(0, 'finish');
    await work(1, 'fail');
    await work(2, 'interrupt');
    const status = planStatus(plan, results);
    expect(status.counts).toEqual({ queued: 0, running: 0, done: 1, failed: 1, interrupted: 1 });
    expect(status.jobs[1]?.error?.message).toBe('Error: not finite');
    expect(selectJobs(status, false).map(({ job }) => job.index)).toEqual([2]);
    expect(selectJobs(status, true).map(({ job }) => job.index)).toEqual([1, 2]);
  });

  it('names who has a run', () => {
    const [spec] = plan.jobs;
    const opened = spec && openRun({ resultsFolder: results, study: toyStudy, spec });
    expect(planStatus(plan, results).jobs[0]).toMatchObject({
      state: 'running',
      note: expect.stringContaining(`process ${process.pid} on host`),
    });
    expect(selectJobs(planStatus(plan, results), true).map(({ job }) => job.index)).toEqual([1, 2]);
    if (opened?.outcome === 'open') opened.run.interrupt();
  });

  it('finds damage of what is done', async () => {
    const folder = await work(0, 'finish');
    truncateSync(join(folder, 'predictions.parquet'), 3);
    expect(planStatus(plan, results).jobs[0]).toMatchObject({
      state: 'queued',
      note: 'predictions.parquet has 3 bytes, not the 16 that were written',
    });
  });

  it('finds that another evaluation is asked for', async () => {
    await work(0, 'finish');
    const other = buildPlan('sweep', toyStudy, [compose(0, 1)]);
    expect(planStatus(other, results).jobs[0]).toMatchObject({
      state: 'queued',
      note: 'another evaluation is asked for',
    });
  });
});

describe('estimateSeconds', () => {
  const facts = () => ({ resultsFolder: results, backend: 'wasm', concurrency: 2 });
  const sized = (steps: number, examples: number, protocol = 'supervised') => ({
    protocol,
    config: {
      model: { name: protocol === 'reference' ? 'train_mean' : 'cnn' },
      dataset: { name: 'dsprites' },
      training: { steps, batch_size: 64 },
      evaluation: { train_examples: examples / 2, test_examples: examples / 2 },
    },
  });
  const queued = (job: ReturnType<typeof sized>) => ({ job: { ...plan.jobs[0]!, ...job } });

  it('guesses before anything was timed', () => {
    const { seconds, guessed } = estimateSeconds([queued(sized(500, 12_288))], facts());
    expect(guessed).toBe(true);
    expect(seconds).toBeCloseTo(1 + 50 + 7);
  });

  it('counts start, training and evaluation apart, so that a shorter run foretells a long one', () => {
    const spent = {
      start: 2,
      training: { seconds: 6, units: 60 },
      evaluation: { seconds: 2, units: 2000 },
    };
    rememberRate(results, sized(60, 2000), 'wasm', spent);
    const long = queued(sized(500, 10_000));
    expect(estimateSeconds([long], facts())).toEqual({
      seconds: expect.closeTo(2 + 50 + 10),
      guessed: false,
    });
    expect(estimateSeconds([long, long, long], facts()).seconds).toBeCloseTo(93);
    expect(estimateSeconds([], facts())).toEqual({ seconds: 0, guessed: false });
    expect(estimateSeconds([long], { ...facts(), backend: 'tensorflow' }).guessed).toBe(true);
    expect(estimateSeconds([queued(sized(0, 10, 'reference'))], facts()).guessed).toBe(true);
  });

  it('learns no rate from a few steps, whose first one compiles', () => {
    const spent = { start: 1, training: { seconds: 5, units: 6 }, evaluation: { seconds: 1, units: 128 } };
    rememberRate(results, sized(6, 128), 'wasm', spent);
    const { seconds, guessed } = estimateSeconds([queued(sized(500, 12_288))], facts());
    expect(guessed).toBe(true);
    expect(seconds).toBeCloseTo(58);
  });

  it('counts no training of a run that is only to be evaluated anew', () => {
    const trained = {
      ...queued(sized(500, 12_288)),
      status: { ...newStatus('a'), stages: { trained: 500 } },
    };
    expect(estimateSeconds([trained], facts()).seconds).toBeCloseTo(8);
  });

  it('keeps the measurement of the longer work, and survives a damaged file', () => {
    const timed = (seconds: number, units: number) => ({
      start: 1,
      training: { seconds, units },
      evaluation: { seconds, units },
    });
    rememberRate(results, sized(5000, 5000), 'wasm', timed(500, 5000));
    rememberRate(results, sized(5000, 5000), 'wasm', timed(900, 1200));
    expect(estimateSeconds([queued(sized(5000, 5000))], facts()).seconds).toBeCloseTo(1001);
    writeFileAtomic(join(results, 'sweeps', 'rates.json'), '{"a":');
    expect(estimateSeconds([queued(sized(5000, 5000))], facts()).guessed).toBe(true);
  });
});
