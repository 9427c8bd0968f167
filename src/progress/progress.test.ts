import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../core/events.js';
import { type Board, estimateLeft, startBoard, updateBoard } from './board.js';
import { chooseReporter } from './index.js';
import { reportAsJson } from './jsonl.js';
import { describeEvent, reportPlainly } from './plain.js';
import { renderBoard, reportOnBoard } from './tty.js';
import { formatLoss, formatRate } from './words.js';

const start = {
  total: 4,
  doneBefore: 1,
  concurrency: 2,
  labels: { a: 'model=cnn seed=0', b: 'model=mlp', c: 'x' },
};
const progress = (run: string, done: number, rate = 10): JobEvent => ({
  type: 'progress',
  run,
  stage: 'train',
  done,
  total: 100,
  loss: 0.5,
  rate,
});
const started = (run: string): JobEvent => ({ type: 'started', run, backend: 'wasm', resumedFrom: 0 });
const finished = (run: string): JobEvent => ({ type: 'finished', run, seconds: 12 });
const failed = (run: string): JobEvent => ({
  type: 'failed',
  run,
  error: { code: 'E_LOSS', message: 'the loss is not finite', hints: ['lower the learning rate'] },
});

function play(events: readonly (readonly [number, JobEvent])[], board: Board = startBoard(start, 0)): Board {
  return events.reduce((state, [now, event]) => updateBoard(state, event, now), board);
}

function listen() {
  let text = '';
  return { write: (part: string) => (text += part), lines: () => text.split('\n').slice(0, -1) };
}

describe('estimateLeft', () => {
  it('is unknown before the first rate', () => {
    expect(estimateLeft(play([[0, started('a')]]), 1)).toBeUndefined();
  });

  it('starts from the rates of runs in work', () => {
    // Run a takes 10 s in all; 3 runs, 2 at a time, 2 s of one are spent.
    expect(
      estimateLeft(
        play([
          [0, started('a')],
          [2, progress('a', 20)],
        ]),
        2,
      ),
    ).toBeCloseTo((30 - 2) / 2);
  });

  it('goes on from the runs that are finished', () => {
    const board = play([
      [0, started('a')],
      [20, finished('a')],
      [20, started('b')],
    ]);
    expect(estimateLeft(board, 25)).toBeCloseTo((40 - 5) / 2);
  });

  it('counts what a run takes before it starts to work', () => {
    const board = play([
      [5, started('a')],
      [5, started('b')],
      [20, finished('a')],
      [24, started('c')],
    ]);
    expect(estimateLeft(board, 24)).toBeCloseTo((40 - 20 - 4) / 2);
  });

  it('takes replicas for as many runs as they are', () => {
    const runs = ['a', 'b', 'c', 'd', 'e', 'f'];
    const labels = Object.fromEntries(runs.map((run) => [run, run]));
    const events = [
      ...runs.slice(0, 3).map((run) => started(run)),
      ...runs.slice(0, 3).map((run) => finished(run)),
      ...runs.slice(3).map((run) => started(run)),
    ];
    const board = events.reduce(
      (before, event, at) => updateBoard(before, event, at < 3 ? 0 : 12),
      startBoard({ total: 6, doneBefore: 0, concurrency: 1, labels }, 0),
    );
    expect(estimateLeft(board, 12)).toBeCloseTo(12);
  });

  it('uses what earlier launches took, and ends at zero', () => {
    expect(estimateLeft(startBoard({ ...start, estimate: 100 }, 0), 30)).toBeCloseTo(70);
    const board = play([
      [0, finished('a')],
      [0, failed('b')],
      [0, finished('c')],
    ]);
    expect(estimateLeft(board, 1)).toBe(0);
  });
});

it('reportPlainly prints starts, tenths, ends and failures', () => {
  const out = listen();
  let now = 0;
  const reporter = reportPlainly(out, () => now);
  reporter.start(start);
  reporter.report(started('a'));
  for (let step = 1; step <= 100; step++) {
    now = step / 10;
    reporter.report(progress('a', step));
  }
  reporter.report(finished('a'));
  reporter.report({ ...started('b'), resumedFrom: 40 } as JobEvent);
  reporter.report(failed('b'));
  reporter.report({ type: 'warning', run: 'c', message: 'a checkpoint is damaged' });
  reporter.report({ type: 'interrupted', run: 'c', step: 7 });
  reporter.end();
  const lines = out.lines();
  expect(lines.filter((line) => line.includes('train '))).toHaveLength(10);
  expect(lines.filter((line) => !/train ([2-9]|10)0/.test(line))).toEqual([
    '3 runs to do (1 run done before), 2 at a time; time left: known after the first steps',
    'model=cnn seed=0: starts on wasm',
    'model=cnn seed=0: train 10/100, loss 0.5000, 10.0/s, 9.0 s left',
    'model=cnn seed=0: done in 12 s',
    '4 runs: 1 done before, 1 done, 2 to go; about 10 s left',
    'model=mlp: continues from step 40 on wasm',
    'model=mlp: failed: the loss is not finite',
    'model=mlp:   → lower the learning rate',
    '4 runs: 1 done before, 1 done, 1 failed, 1 to go; about 10 s left',
    'x: warning: a checkpoint is damaged',
    'x: interrupted at step 7; the same command continues it',
    '4 runs: 1 done before, 1 done, 1 failed, 1 interrupted, 0 to go, after 10 s',
  ]);
});

it('an interruption says what stopped the run, and where, as far as it is known', () => {
  const error = {
    code: 'E_FILE_ENOSPC',
    message: 'no space is left on the disk',
    hints: ['free some space'],
  };
  expect(describeEvent({ type: 'interrupted', run: 'a', step: 7, error })).toEqual([
    'interrupted at step 7: no space is left on the disk',
    '  → free some space',
  ]);
  expect(describeEvent({ type: 'interrupted', run: 'a' })).toEqual([
    'interrupted; the same command continues it',
  ]);
});

it('reportAsJson prints every event as it is', () => {
  const out = listen();
  const reporter = reportAsJson(out);
  reporter.start(start);
  reporter.report(progress('a', 3));
  reporter.end();
  const [launch, event, end] = out.lines().map((line) => JSON.parse(line));
  expect(launch).toMatchObject({ type: 'launch', total: 4 });
  expect(event).toMatchObject({ ...progress('a', 3), time: expect.any(String) });
  expect(end.type).toBe('end');
});

describe('renderBoard', () => {
  const board = play([
    [0, started('a')],
    [5, progress('a', 50)],
    [5, started('b')],
    [6, failed('c')],
  ]);
  it('has a line per run in work and one for the whole', () => {
    expect(renderBoard(board, 5, { color: false, columns: 100, rows: 24 }).split('\n')).toEqual([
      'model=cnn seed=0  ━━━━━━━━────────  train 50/100  loss 0.5000  10.0/s  5.0 s left',
      'model=mlp         ────────────────  start  0.0 s',
      '4 runs: 1 done before, 1 failed, 2 to go; about 5.0 s left',
    ]);
  });

  it('fits the terminal, and colours only on request', () => {
    const plain = renderBoard(board, 5, { color: false, columns: 40, rows: 4 });
    expect(plain.split('\n').map((line) => line.length <= 40)).toEqual([true, true, true]);
    expect(plain).toContain('and 1 more');
    expect(plain).not.toContain('\u001b');
    expect(renderBoard(board, 5, { color: true, columns: 100, rows: 24 })).toContain('\u001b[36m');
  });
});

function makeTerminal(isTTY: boolean) {
  const out = listen();
  return { ...out, isTTY, columns: 100, rows: 24, on() {}, off() {} } as unknown as NodeJS.WriteStream &
    typeof out;
}

it('reportOnBoard leaves failures and the last board on the screen', () => {
  const terminal = makeTerminal(true);
  const reporter = reportOnBoard(terminal, false, () => 0);
  reporter.start(start);
  reporter.report(started('a'));
  reporter.report(failed('a'));
  reporter.end();
  const text = stripVTControlCharacters(terminal.lines().join('\n'));
  expect(text).toContain('model=cnn seed=0: failed: the loss is not finite\n');
  expect(text).toContain('4 runs: 1 done before, 1 failed, 2 to go');
});

describe('chooseReporter', () => {
  it.each([
    ['auto', true, /4 runs: 1 done before, 3 to go.*; time left/],
    ['auto', false, /^3 runs to do/],
    ['plain', true, /^3 runs to do/],
    ['jsonl', true, /^\{"time"/],
    ['none', true, /^$/],
  ] as const)('%s on a terminal: %s', (format, isTTY, expected) => {
    const terminal = makeTerminal(isTTY);
    const reporter = chooseReporter({ format, stream: terminal, color: true });
    reporter.start(start);
    reporter.end();
    expect(terminal.lines().join('\n')).toMatch(expected);
  });
});

it('numbers are short', () => {
  expect([0.12345, 0, 1e-5, 12345, Number.NaN].map(formatLoss)).toEqual([
    'loss 0.1235',
    'loss 0.0000',
    'loss 1.00e-5',
    'loss 1.23e+4',
    'loss NaN',
  ]);
  expect([123.4, 12.34, 0.5, 0].map(formatRate)).toEqual(['123/s', '12.3/s', '30.0/min', '']);
});
