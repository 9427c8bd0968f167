import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { chooseVariant } from '../choose.js';
import { compareVersions } from '../library/versions.js';
import { findDriver, findDriverFault, parseModule, parseQuery } from './driver.js';

describe('driver', () => {
  const path = process.env.PATH;
  const folders: string[] = [];
  afterEach(() => {
    process.env.PATH = path;
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** Puts a stand-in for nvidia-smi first on the PATH. */
  function standIn(script: string): void {
    const folder = mkdtempSync(join(tmpdir(), 'heldout-smi-'));
    folders.push(folder);
    const file = join(folder, 'nvidia-smi');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    process.env.PATH = `${folder}:${path}`;
  }

  it('is what nvidia-smi answers', () => {
    standIn('test "$1" = --query-gpu=driver_version,name && echo "535.129.03, NVIDIA A100-SXM4-40GB"');
    expect(findDriver()).toEqual({ version: '535.129.03', gpus: ['NVIDIA A100-SXM4-40GB'] });
    expect(findDriverFault(findDriver())).toBeUndefined();
  });

  it('is too old for CUDA 12: says which is found and which is wanted', () => {
    standIn('echo "470.82.01, Tesla K80"');
    expect(findDriverFault(findDriver())).toBe(
      'the NVIDIA driver is 470.82.01, and CUDA 12 wants 525.60.13 or later',
    );
  });

  it('is not what a failing nvidia-smi prints', () => {
    standIn('echo "NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver"; exit 9');
    expect(findDriver()?.gpus ?? []).toEqual([]);
  });

  it('is read from the kernel module', () => {
    const text =
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023\nGCC version:  gcc version 12.2.0\n';
    expect(parseModule(text)).toEqual({ version: '535.129.03', gpus: [] });
    const open = 'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build\n';
    expect(parseModule(open)?.version).toBe('570.86.15');
    expect(parseModule('')).toBeUndefined();
    expect(parseQuery('525.60.13, A\n525.60.13, B\n')?.gpus).toEqual(['A', 'B']);
  });
});

it.each([
  ['525.60.13', '525.60.13', 0],
  ['525.60.2', '525.60.13', -11],
  ['560.1', '525.60.13', 35],
  ['2.9', '2.27', -18],
])('compares versions number by number: %s, %s', (a, b, expected) => {
  expect(compareVersions(a, b)).toBe(expected);
});

describe('chooseVariant', () => {
  const good = { version: '535.129.03', gpus: [] };
  const old = { version: '470.82.01', gpus: [] };
  it.each([
    ['auto', undefined, undefined, 'cpu', undefined],
    ['auto', undefined, good, 'cuda', undefined],
    ['auto', undefined, old, 'cpu', /470\.82\.01.*525\.60\.13/],
    ['auto', 'cpu', good, 'cuda', undefined],
    ['auto', 'cuda', undefined, 'cuda', undefined],
    ['auto', 'from', good, 'from', undefined],
    ['cpu', 'cuda', good, 'cpu', undefined],
    ['cuda', undefined, good, 'cuda', undefined],
    ['cuda', undefined, undefined, 'cuda', /no NVIDIA driver was found: it runs on the CPU/],
    ['cuda', undefined, old, 'cuda', /470\.82\.01.*525\.60\.13.*runs on the CPU/],
  ] as const)('%s, in use %s, driver %j: %s', (kind, active, driver, variant, warning) => {
    const choice = chooseVariant({ kind }, active, driver);
    expect(choice.variant).toBe(variant);
    if (warning === undefined) expect(choice.warning).toBeUndefined();
    else expect(choice.warning).toMatch(warning);
  });
});
