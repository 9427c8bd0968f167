import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyMark, isMarkIntact, openMetricsLog, readMetrics, withoutTimes } from './metrics-log.js';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'heldout-test-')), 'metrics.jsonl');
});
afterEach(() => rmSync(join(path, '..'), { recursive: true }));

it('keeps one JSON object per line, with the time', () => {
  openMetricsLog(path, emptyMark).append({ step: 1, loss: 0.25 });
  expect(readFileSync(path, 'utf8')).toMatch(/^\{"step":1,"loss":0\.25,"time":"[^"]+"\}\n$/);
});

it('gives back numbers that JSON lacks', () => {
  const log = openMetricsLog(path, emptyMark);
  log.append({ loss: Number.NaN, worst: Number.NEGATIVE_INFINITY });
  expect(withoutTimes(readMetrics(path)[0] ?? {})).toEqual({
    loss: Number.NaN,
    worst: Number.NEGATIVE_INFINITY,
  });
});

it('goes on after a mark as if what stood behind it had never been, torn line included', () => {
  const first = openMetricsLog(path, emptyMark);
  first.append({ step: 1 });
  const mark = first.mark();
  first.append({ step: 2 });
  appendFileSync(path, '{"step":3,"lo');
  expect(readMetrics(path).map(withoutTimes)).toEqual([{ step: 1 }, { step: 2 }]);
  expect(isMarkIntact(path, mark)).toBe(true);
  const second = openMetricsLog(path, mark);
  second.append({ step: 2 });
  expect(readMetrics(path).map(withoutTimes)).toEqual([{ step: 1 }, { step: 2 }]);
  expect(isMarkIntact(path, second.mark())).toBe(true);
});

it('notices that what a mark was made of is gone or changed', () => {
  const log = openMetricsLog(path, emptyMark);
  log.append({ step: 1 });
  const mark = log.mark();
  truncateSync(path, mark.bytes - 1);
  expect(isMarkIntact(path, mark)).toBe(false);
  appendFileSync(path, ' ');
  expect(isMarkIntact(path, mark)).toBe(false);
  rmSync(path);
  expect(isMarkIntact(path, mark)).toBe(false);
  expect(isMarkIntact(path, emptyMark)).toBe(true);
});
