import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeldoutError } from '../core/errors.js';
import { explainFileError } from '../core/files/file-errors.js';
import { writeFileAtomic } from '../core/files/files.js';
import { doToyRun, toyFacts, toySpec, toyStudy } from '../launchers/testing/toy-run.js';
import { readMetrics, withoutTimes } from '../tracking/metrics-log.js';
import { type RunPaths, runFolder, runPaths } from './folder.js';
import { openRun, type RunHandle, type RunSpec } from './run.js';
import { readStatus } from './status.js';

let resultsFolder = '';
let warnings: string[] = [];
const spec = toySpec(7);
const pathsOf = ({ run }: RunSpec) => runPaths(runFolder(resultsFolder, toyStudy, run));

beforeEach(() => {
  resultsFolder = mkdtempSync(join(tmpdir(), 'heldout-test-'));
  warnings = [];
});
afterEach(() => rmSync(resultsFolder, { recursive: true }));

function open(wanted = spec, evaluate = false): RunHandle {
  const opened = openRun({
    resultsFolder,
    study: toyStudy,
    spec: wanted,
    evaluate,
    onWarning: (message) => warnings.push(message),
  });
  if (opened.outcome !== 'open') throw new Error(opened.outcome);
  return opened.run;
}

/** What must be equal between an interrupted and an uninterrupted run. */
function results(wanted = spec) {
  const paths = pathsOf(wanted);
  return {
    weights: readFileSync(join(paths.checkpoints, 'step-000006', 'weights.safetensors'), 'hex'),
    optimizer: readFileSync(join(paths.checkpoints, 'step-000006', 'optimizer.safetensors'), 'hex'),
    predictions: readFileSync(paths.predictions, 'hex'),
    record: readFileSync(paths.record, 'utf8'),
    metrics: readMetrics(paths.metrics).map(withoutTimes),
  };
}

describe('openRun', () => {
  it('goes from nothing to a complete folder', async () => {
    await doToyRun(open());
    const paths = pathsOf(spec);
    expect(readdirSync(paths.folder).sort()).toEqual([
      'checkpoints',
      'config.yaml',
      'log.txt',
      'manifest.json',
      'metrics.jsonl',
      'overrides.txt',
      'predictions.parquet',
      'provenance.json',
      'record.json',
      'resolved.yaml',
      'status.json',
    ]);
    expect(readdirSync(paths.checkpoints)).toEqual(['step-000006']);
    expect(readFileSync(paths.overrides, 'utf8')).toBe('seed=7\n');
    expect(readStatus(paths, spec.run)).toMatchObject({
      schema: 1,
      run: spec.run,
      state: 'done',
      attempts: 1,
      pid: process.pid,
      stages: { trained: 6 },
    });
    expect(readMetrics(paths.metrics).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('says that there is nothing to do when the run is done', async () => {
    await doToyRun(open());
    const opened = openRun({ resultsFolder, study: toyStudy, spec });
    expect(opened).toMatchObject({ outcome: 'done', status: { attempts: 1 } });
    expect(existsSync(pathsOf(spec).lock)).toBe(false);
  });

  it('says who has the run', () => {
    const run = open();
    expect(openRun({ resultsFolder, study: toyStudy, spec })).toMatchObject({
      outcome: 'locked',
      holder: { pid: process.pid },
    });
    run.interrupt();
  });

  it('evaluates a trained run anew, without training, when another evaluation is asked for', async () => {
    await doToyRun(open());
    const other = toySpec(7, 6, 1);
    expect(other.run).toBe(spec.run);
    const run = open(other);
    expect(run.continueFrom()?.state.step).toBe(6);
    run.interrupt();
    await doToyRun(open(other));
    expect(readStatus(pathsOf(spec), spec.run)?.stages).toEqual({ trained: 6, evaluated: run.evaluation });
    expect(warnings).toEqual([]);
  });

  it.each(['status.json', 'manifest.json'])(
    'refuses a folder whose %s has another schema version',
    (name) => {
      const paths = pathsOf(spec);
      writeFileAtomic(join(paths.folder, name), '{"schema": 99, "attempts": []}');
      expect(() => open()).toThrow(HeldoutError);
      expect(() => open()).toThrow(/schema version 99/);
      expect(readdirSync(paths.folder)).toEqual([name]);
    },
  );

  it('refuses a config that is not the run’s', () => {
    expect(() => open({ ...spec, run: '0123456789' })).toThrow(/not that of run/);
  });

  it('removes what a dead process left half-written', async () => {
    const paths = pathsOf(spec);
    writeFileAtomic(join(paths.folder, 'record.json.4194303.tmp'), '');
    writeFileAtomic(join(paths.checkpoints, 'step-000002.4194303.tmp', 'weights.safetensors'), '');
    open().interrupt();
    expect(readdirSync(paths.folder)).not.toContain('record.json.4194303.tmp');
    expect(readdirSync(paths.checkpoints)).toEqual([]);
  });
});

describe('a run that was stopped', () => {
  /** Trains until the metrics have `steps` lines, then stops in order. */
  async function leaveAt(steps: number): Promise<void> {
    const run = open();
    const stop = new AbortController();
    const look = () => readMetrics(run.paths.metrics).length >= steps && stop.abort();
    const ticking = setInterval(look, 1);
    await doToyRun(run, 5, stop.signal);
    clearInterval(ticking);
  }

  it('ends with the same bytes as one that was not', async () => {
    await doToyRun(open());
    const expected = results();
    rmSync(pathsOf(spec).folder, { recursive: true });
    for (const steps of [1, 3, 5]) await leaveAt(steps);
    expect(readStatus(pathsOf(spec), spec.run)?.state).toBe('interrupted');
    await doToyRun(open());
    expect(results()).toEqual(expected);
    expect(readStatus(pathsOf(spec), spec.run)?.attempts).toBe(4);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['the last checkpoint', 'checkpoints/step-000006/weights.safetensors', 'step-000006 is no good'],
    ['metrics.jsonl', 'metrics.jsonl', 'metrics.jsonl has 10 bytes'],
    ['the predictions', 'predictions.parquet', 'predictions.parquet has 10 bytes'],
    ['the record', 'record.json', 'record.json has 10 bytes'],
    ['the manifest', 'manifest.json', 'manifest.json has 10 bytes'],
  ])('heals when %s is truncated, says so, and ends with the same bytes', async (_name, file, said) => {
    await doToyRun(open());
    const expected = results();
    truncateSync(join(pathsOf(spec).folder, file), 10);
    await doToyRun(open());
    expect(warnings.join('\n')).toContain(said);
    expect(warnings.join('\n')).toMatch(/it goes back to step 6|it starts again from step 0/);
    expect(results()).toEqual(expected);
    expect(openRun({ resultsFolder, study: toyStudy, spec }).outcome).toBe('done');
  });

  it('believes nothing of a manifest that was edited: it is set aside, and a new one written', async () => {
    await doToyRun(open());
    const { folder, manifest } = pathsOf(spec);
    const edited = readFileSync(manifest, 'utf8')
      .replace('"toy data"', '"my data"')
      .replace('wasm', 'tensorflow');
    writeFileAtomic(manifest, edited);
    await doToyRun(open());
    expect(warnings).toEqual([
      expect.stringMatching(
        /manifest\.json (has \d+ bytes|does not have the checksum).*; it goes back to step 6$/,
      ),
      `run ${spec.run}: what its manifest was lies in manifest.damaged.json; it gets a new one`,
    ]);
    expect(readFileSync(join(folder, 'manifest.damaged.json'), 'utf8')).toBe(edited);
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({
      data: toyFacts.data,
      engine: toyFacts.engine,
      attempts: [{ resumedFrom: 6 }],
    });
    expect(openRun({ resultsFolder, study: toyStudy, spec }).outcome).toBe('done');
  });

  it('goes back to the last good checkpoint', () => {
    const run = open();
    run.continueFrom();
    run.begin(toyFacts);
    const state = { parameters: {}, slots: {}, step: 0 };
    for (const step of [1, 2, 4]) {
      run.metrics.append({ step });
      run.saveCheckpoint({ ...state, step }, { at: step });
    }
    run.interrupt();
    truncateSync(join(run.paths.checkpoints, 'step-000004', 'state.json'), 30);
    const again = open();
    expect(again.continueFrom()).toMatchObject({ state: { step: 2 }, extra: { at: 2 } });
    expect(warnings).toEqual([
      `run ${spec.run}: checkpoint step-000004 is no good: state.json is damaged; it goes back to step 2`,
    ]);
    expect(readMetrics(run.paths.metrics).map(({ step }) => step)).toEqual([1, 2]);
    // What was passed over goes only when there is something in its place.
    expect(readdirSync(run.paths.checkpoints)).toEqual(['step-000002', 'step-000004']);
    again.interrupt();
    const third = open();
    expect(third.continueFrom()).toMatchObject({ state: { step: 2 } });
    third.saveCheckpoint({ ...state, step: 3 }, null);
    expect(readdirSync(run.paths.checkpoints)).toEqual(['step-000002', 'step-000003']);
    third.interrupt();
  });

  it('makes no checkpoint of metrics that are not on the disk', () => {
    const run = open();
    run.continueFrom();
    rmSync(run.paths.metrics);
    expect(() => run.saveCheckpoint({ parameters: {}, slots: {}, step: 1 }, null)).toThrow(
      expect.objectContaining({ code: 'E_FILE_ENOENT' }),
    );
    expect(readdirSync(run.paths.checkpoints)).toEqual([]);
    run.interrupt();
  });

  it('does not count as trained once it goes back', async () => {
    await doToyRun(open());
    truncateSync(pathsOf(spec).metrics, 10);
    const run = open();
    run.continueFrom();
    run.interrupt();
    expect(readStatus(run.paths, spec.run)?.stages.trained).toBeUndefined();
  });

  it('refuses to go on with other data', async () => {
    await leaveAt(3);
    const run = open();
    run.continueFrom();
    expect(() => run.begin({ ...toyFacts, data: { fingerprint: 'other' } })).toThrow(
      /data of this run changed/,
    );
    run.interrupt();
  });
});

describe('a run that is opened to be evaluated', () => {
  const flip = (path: string) => {
    const bytes = readFileSync(path);
    bytes[20] = bytes[20]! ^ 1;
    writeFileAtomic(path, bytes);
  };

  it('keeps its checkpoint and its metrics, also when these are damaged, which stays known', async () => {
    await doToyRun(open());
    const { metrics, checkpoints } = pathsOf(spec);
    flip(metrics);
    const damaged = readFileSync(metrics);
    const run = open(spec, true);
    expect(run.continueFrom()?.state.step).toBe(6);
    expect(warnings).toEqual([
      `run ${spec.run}: metrics.jsonl does not have the checksum it was written with; it is evaluated as it is at step 6`,
    ]);
    run.finish();
    expect(readFileSync(metrics)).toEqual(damaged);
    expect(readdirSync(checkpoints)).toEqual(['step-000006']);
    expect(openRun({ resultsFolder, study: toyStudy, spec }).outcome).toBe('open');
  });

  it('leaves a damaged manifest to the run itself', async () => {
    await doToyRun(open());
    const { manifest } = pathsOf(spec);
    flip(manifest);
    const damaged = readFileSync(manifest);
    const run = open(spec, true);
    run.continueFrom();
    expect(run.manifest()).toBeUndefined();
    run.begin({ ...toyFacts, data: { fingerprint: 'other' } });
    run.finish();
    expect(readFileSync(manifest)).toEqual(damaged);
    expect(openRun({ resultsFolder, study: toyStudy, spec }).outcome).toBe('open');
  });

  it('has its attempt in the manifest once it is done', async () => {
    await doToyRun(open());
    const run = open(spec, true);
    run.continueFrom();
    run.begin(toyFacts);
    expect(run.manifest()?.attempts).toHaveLength(1);
    run.finish();
    expect(run.manifest()?.attempts).toHaveLength(2);
    expect(openRun({ resultsFolder, study: toyStudy, spec }).outcome).toBe('done');
  });

  it.each([
    ['fails', (run: RunHandle) => void run.fail(new Error('late'))],
    ['is interrupted', (run: RunHandle) => run.interrupt()],
    ['dies', () => {}],
  ])('has its former state when the evaluation %s', async (_, end) => {
    await doToyRun(open());
    const failed = toySpec(8);
    open(failed).fail(new Error('not finite'));
    for (const wanted of [spec, failed]) {
      const look = ({ status, manifest }: RunPaths) =>
        [status, manifest].map((path) => existsSync(path) && readFileSync(path, 'utf8'));
      const before = look(pathsOf(wanted));
      const run = open(wanted, true);
      run.continueFrom();
      run.begin(toyFacts);
      end(run);
      expect(look(pathsOf(wanted))).toEqual(before);
    }
  });

  it('is done once the evaluation is, whatever it was before', () => {
    const run = open();
    run.continueFrom();
    run.saveCheckpoint({ parameters: {}, slots: {}, step: 6 }, null);
    run.fail(new Error('no record'));
    const again = open(spec, true);
    again.continueFrom();
    again.finishTraining(6);
    again.finish();
    expect(readStatus(run.paths, spec.run)).toMatchObject({ state: 'done', stages: { trained: 6 } });
  });
});

describe('fail', () => {
  it('keeps the error and all data', () => {
    const run = open();
    run.continueFrom();
    run.metrics.append({ step: 1 });
    const ending = run.fail(new HeldoutError({ code: 'E_LOSS', message: 'not finite', hints: ['lower it'] }));
    const error = { code: 'E_LOSS', message: 'not finite', hints: ['lower it'] };
    expect(ending).toEqual({ state: 'failed', error });
    expect(readStatus(run.paths, spec.run)).toMatchObject(ending);
    expect(readMetrics(run.paths.metrics)).toHaveLength(1);
    expect(readFileSync(run.paths.log, 'utf8')).toContain('failed: HeldoutError: not finite');
    expect(existsSync(run.paths.lock)).toBe(false);
  });

  it('is an interruption when the disk was at fault', () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    const run = open();
    expect(run.fail(explainFileError(full, '/results/x'))).toMatchObject({
      state: 'interrupted',
      error: { code: 'E_FILE_ENOSPC' },
    });
    expect(readStatus(run.paths, spec.run)?.state).toBe('interrupted');
  });

  it('writes nothing once another process has the run', () => {
    const run = open();
    writeFileAtomic(run.paths.lock, readFileSync(run.paths.lock, 'utf8').replace(/"nonce":"./, '"nonce":"-'));
    expect(() => run.saveCheckpoint({ parameters: {}, slots: {}, step: 1 }, null)).toThrow(
      /taken this run over/,
    );
    run.fail(new Error('late'));
    expect(readStatus(run.paths, spec.run)?.state).toBe('running');
    expect(existsSync(run.paths.lock)).toBe(true);
  });
});
