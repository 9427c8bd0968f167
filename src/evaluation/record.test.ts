import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../core/files/files.js';
import { encodeRecord, parseRecord, type RunRecord, readRecord } from './record.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-record-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record: RunRecord = {
  schema: 1,
  run: '0123456789',
  labels: { split: 'extrapolation', model: 'cnn', seed: '0' },
  rows: [{ set: 'test', metric: 'r2', group: { target: 'x', held: 'scale' }, value: 0.1 + 0.2, n: 12 }],
};

describe('the record file', () => {
  it('is canonical JSON with numbers in full', () => {
    const path = join(folder, 'record.json');
    writeFileAtomic(path, encodeRecord(record));
    expect(readFileSync(path, 'utf8')).toBe(
      '{"labels":{"model":"cnn","seed":"0","split":"extrapolation"},"rows":[{"group":{"held":"scale","target":"x"},"metric":"r2","n":12,"set":"test","value":0.30000000000000004}],"run":"0123456789","schema":1}\n',
    );
    expect(readRecord(path)).toEqual(record);
  });

  it('is undefined where there is none', () => {
    expect(readRecord(join(folder, 'none.json'))).toBeUndefined();
  });

  it.each([
    ['{"schema":1,', 'it is not JSON'],
    ['[]', 'it is not an object'],
    ['{"schema":2,"run":"a"}', 'its schema is 2, not 1'],
    ['{"schema":1,"labels":{},"rows":[]}', 'it names no run'],
    ['{"schema":1,"run":"a","labels":{"seed":0},"rows":[]}', 'its labels are not texts'],
    ['{"schema":1,"run":"a","labels":{}}', 'it has no rows'],
    ['{"schema":1,"run":"a","labels":{},"rows":[{"set":"test"}]}', 'row 1 is not'],
  ])('names what is wrong: %s', (text, message) => {
    expect(() => parseRecord(text, 'record.json')).toThrow(message);
  });
});
