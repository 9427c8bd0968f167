import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256 } from '../../../core/hash.js';
import { kernelFolder } from './native.js';

it('is the compilation of the sources beside it (else run scripts/kernels/build.sh)', () => {
  const read = (name: string) => readFileSync(join(kernelFolder(), name));
  const record = JSON.parse(read('kernels.json').toString()) as Record<string, string>;
  const names = readdirSync(kernelFolder()).filter((name) => /\.[ch]$/.test(name));
  const sorted = [
    ...names.filter((name) => name.endsWith('.c')).sort(),
    ...names.filter((name) => name.endsWith('.h')).sort(),
  ];
  expect(sha256(...sorted.map(read))).toBe(record.source);
  expect(sha256(read('kernels.wasm'))).toBe(record.binary);
});
