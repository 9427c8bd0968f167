import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, onTestFinished } from 'vitest';
import { projectRoot } from '../core/files/paths.js';
import { type CommandResult, runCommand, temporaryFolder } from './cli.js';
import { listFilesBelow } from './files.js';

export const isSupported = process.platform === 'linux' && process.arch === 'x64';
/** Of the tests of one file. */
export const cache = temporaryFolder();
export const project = makeProject();
export const addon = join(project, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');

afterAll(() => {
  for (const folder of [cache, project]) rmSync(folder, { recursive: true, force: true });
});

/** A project with a copy of tfjs-node-gpu of its own: the tests must not touch the one that others use. */
function makeProject(): string {
  const folder = temporaryFolder();
  const own = join(folder, 'node_modules', '@tensorflow');
  mkdirSync(own, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'scripts'])
    cpSync(join(projectRoot(), name), join(folder, name), { recursive: true });
  for (const name of ['src', 'configs', 'experiments'])
    symlinkSync(join(projectRoot(), name), join(folder, name));
  const modules = join(projectRoot(), 'node_modules');
  for (const name of readdirSync(modules))
    if (name !== '@tensorflow') symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  for (const name of readdirSync(join(modules, '@tensorflow'))) {
    const from = join(modules, '@tensorflow', name);
    if (name !== 'tfjs-node-gpu') symlinkSync(from, join(own, name));
    else cpSync(from, join(own, name), { recursive: true, filter: (path) => path !== join(from, 'lib') });
  }
  return folder;
}

/** `npm run setup -- WORDS` in the project, with a cache of its own. */
export function setUp(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return runCommand('setup', words, { HELDOUT_CACHE: cache, CXX: '', ...environment }, project);
}

/** A folder for the PATH: node, links to programs, and stand-ins for others as shell scripts. */
export function makePath(links: readonly string[], scripts: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const path of [process.execPath, ...links]) symlinkSync(path, join(folder, basename(path)));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

export function expectError(
  { code, stderr }: CommandResult,
  wanted: number,
  ...texts: readonly string[]
): void {
  expect({ code, stderr }).toEqual({ code: wanted, stderr: expect.stringMatching(/^error: /) });
  for (const text of texts) expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/internal error|^ +at /m);
  // The cache holds no file, and the package no addon.
  expect(listFilesBelow(cache)).toEqual([]);
  expect(existsSync(addon)).toBe(false);
}

/** A folder as pip installs it, its two libraries made by `make`. */
export function makeLibraries(folder: string, make: (path: string, name: string) => void): void {
  const include = join(folder, 'tensorflow', 'include');
  mkdirSync(join(include, 'tensorflow', 'c', 'eager'), { recursive: true });
  writeFileSync(join(include, 'tensorflow', 'c', 'eager', 'c_api.h'), '');
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    make(join(folder, 'tensorflow', name), name);
}
