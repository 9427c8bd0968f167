import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../core/files/files.js';
import { sha256 } from '../../core/hash.js';
import { toyFacts } from '../../launchers/testing/toy-run.js';
import { runPaths } from '../folder.js';
import { captureEnvironment } from './environment.js';
import { type Manifest, makeManifest, type RunFacts, readManifest } from './manifest.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heldout-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function git(...words: readonly string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false'];
  const result = spawnSync('git', ['-C', folder, ...who, ...words], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
}

describe('captureEnvironment', () => {
  it('names commit, branch and changes, and keeps the patch', () => {
    git('init', '-q', '-b', 'trunk');
    writeFileAtomic(join(folder, 'code.ts'), 'old\n');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    const clean = captureEnvironment(folder, ['heldout', 'run']);
    expect(clean.patch).toBe('');
    expect(clean.environment.command).toEqual(['heldout', 'run']);
    expect(clean.environment.git).toMatchObject({ branch: 'trunk', dirty: false, patch: null });
    expect(clean.environment.git?.commit).toMatch(/^[0-9a-f]{40}$/);
    writeFileAtomic(join(folder, 'code.ts'), 'new\n');
    writeFileAtomic(join(folder, 'notes.txt'), '');
    const { environment, patch } = captureEnvironment(folder, []);
    expect(patch).toContain('-old\n+new\n');
    expect(environment.git).toMatchObject({ dirty: true, untracked: ['notes.txt'], patch: sha256(patch) });
  });

  it('says that changes are there, and why they are not kept, when they are too large', () => {
    git('init', '-q');
    writeFileAtomic(join(folder, 'code.ts'), 'old\n');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    writeFileAtomic(join(folder, 'code.ts'), 'new\n'.repeat(1000));
    const { environment, patch } = captureEnvironment(folder, [], 1024);
    expect(patch).toBe('');
    expect(environment.git).toMatchObject({
      dirty: true,
      patch: null,
      omitted: expect.stringContaining('git gives no patch of at most'),
    });
  });

  it('reads versions from the lockfile, and does without git', () => {
    const lock = JSON.stringify({
      packages: {
        '': { dependencies: { yaml: '2' } },
        'node_modules/yaml': { version: '2.9.1' },
        'node_modules/other': { version: '1.0.0' },
      },
    });
    writeFileAtomic(join(folder, 'package-lock.json'), lock);
    const { environment } = captureEnvironment(folder, []);
    expect(environment.git).toBeNull();
    expect(environment.packages).toEqual({ lockfile: sha256(lock), versions: { yaml: '2.9.1' } });
    expect(environment.node).toBe(process.version);
  });

  it('keeps variables that matter and no others', () => {
    process.env.TF_NUM_INTRAOP_THREADS = '1';
    process.env.SOME_TOKEN = 'secret';
    const { variables } = captureEnvironment(folder, []).environment;
    delete process.env.TF_NUM_INTRAOP_THREADS;
    delete process.env.SOME_TOKEN;
    expect(variables.TF_NUM_INTRAOP_THREADS).toBe('1');
    expect(variables).not.toHaveProperty('SOME_TOKEN');
  });
});

describe('makeManifest', () => {
  const identity = { run: 'run', group: 'group', study: 'study' };
  function write(facts: RunFacts, resumedFrom: number): Manifest {
    const paths = runPaths(folder);
    const manifest = makeManifest(paths, identity, facts, resumedFrom);
    writeFileAtomic(paths.manifest, JSON.stringify(manifest));
    return manifest;
  }
  it('keeps what the run began with, and adds attempts', () => {
    const paths = runPaths(folder);
    expect(readManifest(paths)).toBeUndefined();
    write(toyFacts, 0);
    write({ ...toyFacts, engine: { tier: 'tensorflow' } }, 100);
    const manifest = readManifest(paths);
    expect(manifest).toMatchObject({ ...identity, schema: 1, engine: { tier: 'wasm' } });
    expect(manifest?.attempts.map(({ resumedFrom, engine }) => [resumedFrom, engine])).toEqual([
      [0, { tier: 'wasm' }],
      [100, { tier: 'tensorflow' }],
    ]);
  });

  it('lets a run that starts again begin with other data', () => {
    write(toyFacts, 0);
    const other = { ...toyFacts, split: { hash: 'other' } };
    expect(() => write(other, 1)).toThrow(/the split of this run changed/);
    expect(write(other, 0).split).toEqual({ hash: 'other' });
  });

  it('writes a damaged one anew', () => {
    writeFileAtomic(runPaths(folder).manifest, '{"schema": 1, "att');
    expect(write(toyFacts, 3).attempts).toHaveLength(1);
  });
});
