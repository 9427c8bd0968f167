import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../core/files/files.js';
import type { TrainState } from '../../engine/engine.js';
import { emptyMark } from '../../tracking/metrics-log.js';
import {
  findLastGoodCheckpoint,
  listCheckpoints,
  pruneCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoints.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heldout-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function stateAt(step: number): TrainState {
  return {
    parameters: { 'dense/kernel': { shape: [1, 2], data: Float32Array.of(step, -0) } },
    slots: { 'dense/kernel/m': { shape: [1, 2], data: Float32Array.of(0.1, step) } },
    step,
  };
}

function write(step: number): string {
  return writeCheckpoint(folder, 'run', stateAt(step), emptyMark, { sum: 0.1 + step });
}

describe('writeCheckpoint', () => {
  it('makes a folder of three files that reads back as it was', () => {
    const path = write(500);
    expect(basename(path)).toBe('step-000500');
    expect(readdirSync(path).sort()).toEqual(['optimizer.safetensors', 'state.json', 'weights.safetensors']);
    expect(readCheckpoint(path, 'run')).toEqual({
      folder: path,
      state: stateAt(500),
      extra: { sum: 500.1 },
      metrics: emptyMark,
    });
  });

  it('writes equal states as equal bytes, also in place of an older one', () => {
    const path = write(2);
    const before = readFileSync(join(path, 'weights.safetensors'));
    const description = readFileSync(join(path, 'state.json'));
    expect(write(2)).toBe(path);
    expect(readFileSync(join(path, 'weights.safetensors'))).toEqual(before);
    expect(readFileSync(join(path, 'state.json'))).toEqual(description);
  });
});

describe('findLastGoodCheckpoint', () => {
  it('finds none in a folder that is empty or missing', () => {
    const none = { checkpoint: undefined, skipped: [] };
    expect(findLastGoodCheckpoint(folder, 'run')).toEqual(none);
    expect(findLastGoodCheckpoint(join(folder, 'missing'), 'run')).toEqual(none);
  });

  it('orders by step, not by name', () => {
    for (const step of [999_999, 1_000_000, 2]) write(step);
    expect(findLastGoodCheckpoint(folder, 'run').checkpoint?.state.step).toBe(1_000_000);
  });

  it.each(['weights.safetensors', 'optimizer.safetensors', 'state.json'])(
    'passes over one whose %s is truncated, changed or missing',
    (name) => {
      write(2);
      const damage = [
        (path: string) => truncateSync(path, 20),
        (path: string) => {
          const bytes = readFileSync(path);
          const middle = Math.floor(bytes.length / 2);
          bytes[middle] = (bytes[middle] ?? 0) ^ 1;
          writeFileAtomic(path, bytes);
        },
        (path: string) => rmSync(path),
      ];
      for (const harm of damage) {
        const later = write(4);
        harm(join(later, name));
        const { checkpoint, skipped } = findLastGoodCheckpoint(folder, 'run');
        expect(checkpoint?.state.step).toBe(2);
        expect(skipped.map((item) => item.folder)).toEqual([later]);
        expect(skipped[0]?.reason).toContain(name);
      }
    },
  );

  it('passes over one of another run, and what the caller does not accept', () => {
    writeCheckpoint(folder, 'other', stateAt(6), emptyMark, null);
    write(4);
    write(2);
    const found = findLastGoodCheckpoint(folder, 'run', ({ state }) => (state.step === 4 ? 'no' : undefined));
    expect(found.checkpoint?.state.step).toBe(2);
    expect(found.skipped.map(({ reason }) => reason)).toEqual(['it belongs to run other', 'no']);
  });

  it('refuses another schema version', () => {
    writeFileAtomic(join(write(2), 'state.json'), '{"schema": 2}');
    expect(() => findLastGoodCheckpoint(folder, 'run')).toThrow(/schema version 2/);
  });

  it('does not see half-written folders', () => {
    mkdirSync(join(folder, 'step-000009.123.tmp'));
    expect(findLastGoodCheckpoint(folder, 'run').skipped).toEqual([]);
  });
});

it('pruneCheckpoints keeps the latest', () => {
  for (const step of [2, 4, 6, 8]) write(step);
  pruneCheckpoints(folder, 2);
  expect(listCheckpoints(folder).map((path) => basename(path))).toEqual(['step-000006', 'step-000008']);
  expect(existsSync(join(folder, 'step-000002'))).toBe(false);
  expect(readdirSync(folder)).toHaveLength(2);
});
