import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appendLine,
  createExclusive,
  makeFolder,
  readTextIfThere,
  removeAtomic,
  removeOlder,
  temporaryName,
  temporaryOwner,
  writeFileAtomic,
  writeFolderAtomic,
} from './files.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heldout-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writeFileAtomic', () => {
  it('writes text and bytes, makes folders, and leaves nothing else behind', () => {
    const path = join(folder, 'a', 'b', 'file');
    writeFileAtomic(path, 'text');
    expect(readTextIfThere(path)).toBe('text');
    writeFileAtomic(path, Uint8Array.of(1, 2));
    expect([...readFileSync(path)]).toEqual([1, 2]);
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file']);
  });

  it('keeps the old file and explains when the new one cannot be written', () => {
    writeFileAtomic(join(folder, 'file'), '');
    expect(() => writeFileAtomic(join(folder, 'file', 'below'), 'x')).toThrow(
      expect.objectContaining({ code: 'E_FILE_ENOTDIR', exitCode: 1 }),
    );
    mkdirSync(join(folder, 'taken'));
    expect(() => writeFileAtomic(join(folder, 'taken'), 'x')).toThrow(
      expect.objectContaining({ code: 'E_FILE_EISDIR' }),
    );
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken']);
  });
});

it('appendLine reports a full disk', () => {
  expect(() => appendLine('/dev/full', 'x')).toThrow(expect.objectContaining({ code: 'E_FILE_ENOSPC' }));
});

it('writeFolderAtomic replaces a folder as a whole', () => {
  const path = join(folder, 'step');
  writeFolderAtomic(path, { a: '1', b: '2' });
  writeFolderAtomic(path, { c: Uint8Array.of(3) });
  expect(readdirSync(path)).toEqual(['c']);
  expect(readdirSync(folder)).toEqual(['step']);
});

it('removeAtomic removes files, folders and what is not there', () => {
  writeFolderAtomic(join(folder, 'full'), { a: '1' });
  writeFileAtomic(join(folder, 'file'), '');
  for (const name of ['full', 'file', 'missing']) removeAtomic(join(folder, name));
  expect(readdirSync(folder)).toEqual([]);
});

it('removeOlder leaves the newest, those last written, and files of other names', () => {
  for (const [name, time] of [
    ['a-1', 3],
    ['a-2', 1],
    ['a-3', 2],
    ['b', 0],
  ] as const) {
    writeFileAtomic(join(folder, name), '');
    utimesSync(join(folder, name), time, time);
  }
  removeOlder(join(folder, 'a-2'), /^a-/, 1);
  expect(readdirSync(folder)).toEqual(['a-1', 'a-2', 'b']);
});

it('createExclusive succeeds once', () => {
  const path = join(folder, 'new', 'lock');
  expect(createExclusive(path, 'first')).toBe(true);
  expect(createExclusive(path, 'second')).toBe(false);
  expect(readTextIfThere(path)).toBe('first');
  expect(readdirSync(join(folder, 'new'))).toEqual(['lock']);
});

it.runIf(existsSync('/proc/self'))('makeFolder reports a file system that takes no folders', () => {
  expect(() => makeFolder('/proc/heldout/below')).toThrow(expect.objectContaining({ code: 'E_FILE_ENOENT' }));
});

it('makeFolder is content with a folder that is there, not with a file', () => {
  makeFolder(join(folder, 'x', 'y'));
  makeFolder(join(folder, 'x', 'y'));
  writeFileAtomic(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file', 'below'))).toThrow(
    expect.objectContaining({ code: 'E_FILE_ENOTDIR' }),
  );
});

it('temporary names tell whose they are', () => {
  expect(temporaryOwner(temporaryName('/x/record.json'))).toBe(process.pid);
  expect(temporaryOwner('record.json')).toBeUndefined();
});
