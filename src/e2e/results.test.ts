import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePublished, toCsv } from '../imports/testing/files.js';
import { callCommand, runCommand, temporaryFolder } from './cli.js';
import { listFilesBelow } from './files.js';

const folder = temporaryFolder();
const results = join(folder, 'results');
const environment = { INIT_CWD: folder };
const there = `paths.results=${results}`;
const run = (program: string, ...words: readonly string[]) =>
  runCommand(program, [...words, there], environment);
const call = (program: string, ...words: readonly string[]) =>
  callCommand(program, [...words, there], environment);

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  const sets = { photos: { examples: 120, harder: 0 }, sketches: { examples: 100, harder: 0.8 } };
  const published = toCsv(makePublished({ models: 6, sets }));
  writeFileSync(join(folder, 'predictions.csv'), published);
  writeFileSync(
    join(folder, 'broken.csv'),
    published.replace(/^m3,photos,photos-7,.*$/m, 'm3,photos,photos-7,1,nan,0,0,net1,0.01,a'),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('predictions of others', () => {
  it('that are wrong are refused by their line, and nothing is kept', async () => {
    const { code, stdout, stderr } = await call('results', 'import', 'broken.csv');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/broken\.csv:\d+: logit_0 is 'nan', which is no finite number\n {2}→ /);
    expect(listFilesBelow(results)).toEqual([]);
  });

  it('get the whole analysis, which tables and figures find again', async () => {
    const imported = await run('results', 'import', 'predictions.csv', 'name=mine', 'id=photos');
    expect(imported.stderr).toBe('');
    expect(imported.code).toBe(0);
    expect(imported.stdout).toContain('1,320 predictions of 6 models on 2 datasets');
    for (const title of ['Accuracy of every network', 'lines of least squares', 'estimated without labels'])
      expect(imported.stdout).toContain(title);
    const tables = join(results, 'tables', 'mine');
    expect(readFileSync(join(tables, 'pair-fits.csv'), 'utf8')).toContain('photos → sketches');
    expect(readdirSync(tables).filter((name) => name.endsWith('.tex'))).toContain('label-free.tex');

    const figures = join(results, 'figures', 'mine');
    expect(readdirSync(figures)).toEqual(
      expect.arrayContaining([
        'id-ood-scatter.svg',
        'id-ood-scatter.png',
        'reliability.svg',
        'label-free.svg',
      ]),
    );
    const drawn = await run('figures', 'mine', 'scree', 'regimes');
    expect(drawn.code).toBe(0);
    expect(drawn.stderr).toContain('Too few networks, sets or factors for scree, regimes.');

    const fits = await call('tables', 'mine', 'pair-fits');
    expect(fits.code).toBe(0);
    const text = readFileSync(join(tables, 'pair-fits.txt'), 'utf8');
    expect(fits.stdout).toContain(text.split('\n')[0]);
    expect(fits.stdout).not.toContain('without labels');
    expect((await call('results')).stdout).toContain('mine  6 models, 2 datasets');
  });

  it('leave their name to them alone: no study takes their tables', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(join(elsewhere, 'imports', 'two-heads-images'), { recursive: true });
    const words = ['experiment=two-heads-images', '--dry-run', `paths.results=${elsewhere}`];
    const { code, stderr } = await callCommand('experiment', words);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('that were imported') });
    expect(stderr).toContain('type study.name=two-heads-images-study');
  });

  it('are not found under a wrong name, and take no wrong option', async () => {
    expect((await call('tables', 'mine', 'pairfits')).stderr).toContain("did you mean 'pair-fits'?");
    expect((await call('tables', 'mien')).stderr).toContain("did you mean 'mine'?");
    const wrong = await call('results', 'import', 'predictions.csv', 'bins=0', 'nme=x');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('bins takes a whole number');
    expect(wrong.stderr).toContain('did you mean name=?');
    expect((await call('results', 'import')).stderr).toContain('needs a file of predictions');
    expect((await call('results', 'imprt', 'x.csv')).stderr).toContain("there is no 'results imprt'");
    const by = await call('results', 'import', 'predictions.csv', 'by=archs');
    expect(by.stderr).toContain("did you mean 'arch'?");
  });
});
