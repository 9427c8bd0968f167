import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adultTrain, locateDataFile } from '../datasets/data-files.js';
import { testDataFolder } from '../datasets/testing/real-data.js';
import { readPredictions } from '../evaluation/predictions-file.js';
import { listRuns } from '../runs/list.js';
import { callCommand, runCommand, temporaryFolder } from './cli.js';
import { listFilesBelow } from './files.js';

const folder = temporaryFolder();
const data = join(folder, 'data');
const results = join(folder, 'results');
const environment = { HELDOUT_DATA: data, HELDOUT_CACHE: join(folder, 'cache'), INIT_CWD: folder };
const short = [
  ...['split=stratified', 'model=mlp', 'model.widths=[8]', 'objective=cross_entropy', 'training.steps=6'],
  ...['training.batch_size=16', 'training.monitor={every: 3, examples: 32}', 'engine.backend=wasm'],
  ...['evaluation.train_examples=32', 'evaluation.test_examples=48', '--progress', 'plain'],
];
const own = (file: string, ...more: readonly string[]) => [
  ...['dataset=csv', `dataset.file=${file}`, 'dataset.target=hired', 'dataset.protected=sex'],
  ...[...short, `paths.results=${results}`, ...more],
];

const people = Array.from({ length: 120 }, (_, at) => {
  const city = ['Ulm', 'Bonn', 'Kiel', ''][at % 4];
  return `${20 + (at % 40)},${city},${at % 3 ? 'm' : 'w'},${at % 5 < 2 ? 'yes' : 'no'}`;
});
const header = 'age,city,sex,hired';
const files: Readonly<Record<string, string | Uint8Array>> = {
  'people.csv': [header, ...people].join('\n'),
  'ragged.csv': [header, ...people.slice(0, 50), '30,Ulm,m', ...people].join('\n'),
  'latin.csv': Buffer.from([header, ...people, '30,München,m,yes'].join('\n'), 'latin1'),
  'one-class.csv': [header, ...people.map((line) => line.replace('yes', 'no'))].join('\n'),
  'one-group.csv': [header, ...people.map((line) => line.replace(',w,', ',m,'))].join('\n'),
  'new-city.csv': [header, '30,Rom,m,yes', '40,Ulm,w,no'].join('\n'),
};

beforeAll(() => {
  mkdirSync(data);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(data, name), content);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a table of one’s own, by the command', () => {
  it('is trained on, and its log says what was decided about it', async () => {
    const { code, stdout, stderr } = await runCommand('experiment', own('people.csv'), environment);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('data: categorical, one-hot: city (3)');
    expect(stdout).toContain('data: target hired: yes is positive');
    const trained = listRuns(results).find(({ status }) => status?.stages.trained !== undefined)!;
    const log = readFileSync(join(trained.paths.folder, 'log.txt'), 'utf8');
    expect(log).toContain(
      'data: people.csv: 120 rows of cells between commas; 30 with missing values are left',
    );
    expect(log).toContain('data: protected sex: m 60, w 30; no input');
    const table = await readPredictions(trained.paths.predictions);
    expect([...new Set(table.set)]).toEqual(['train', 'validation', 'test']);
    expect(Object.keys(table.variables)).toEqual(expect.arrayContaining(['hired', 'sex']));
  });

  it('shows what was decided without running', async () => {
    const line = own('people.csv', 'dataset.columns={city: drop}', 'dataset.missing=level', '--dry-run');
    const { code, stdout } = await callCommand('experiment', line, environment);
    expect(code).toBe(0);
    expect(stdout).toContain('data: left out: city (asked for)');
    expect(stdout).toContain('data: people.csv: 120 rows of cells between commas\n');
  });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['ragged.csv', [], ['ragged.csv:52: line 52 has 3 cells where the lines before have 4', '→ cells are']],
    ['latin.csv', [], ['the file is not UTF-8: 0xFC at line 122', '→ iconv -f WINDOWS-1252']],
    ['one-class.csv', [], ['hired is no in every row', 'argument 3']],
    ['one-group.csv', [], ['sex is m in every row', 'argument 4']],
    ['people.csv', ['dataset.test_file=new-city.csv'], ['city (Rom)', '→ dataset.unknown=zero']],
    ['nowhere.csv', [], ['there is no file', '→ put it into']],
    ['people.csv', ['dataset.columns={age: number}'], ['dataset.columns.age must be one of']],
  ])('is refused with words and before anything is written: %s %s', async (file, more, parts) => {
    const elsewhere = join(folder, 'refused');
    const line = own(file, ...more, `paths.results=${elsewhere}`);
    const { code, stdout, stderr } = await callCommand('experiment', line, environment);
    expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/internal error|^ +at /m);
    for (const part of parts) expect(stderr).toContain(part);
    expect(listFilesBelow(elsewhere)).toEqual([]);
  });
});

const hasAdult = locateDataFile(testDataFolder, adultTrain).found !== undefined;
it.skipIf(!hasAdult)(
  `Adult is trained on (skipped without ${adultTrain.paths[0]} in ${testDataFolder})`,
  async () => {
    const line = ['dataset=adult', ...short, `paths.results=${join(folder, 'adult')}`];
    const { code, stdout, stderr } = await runCommand('experiment', line, {
      ...environment,
      HELDOUT_DATA: testDataFolder,
    });
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('data: protected sex: Female 9,782, Male 20,380; no input');
    expect(stdout).toContain('majority class');
  },
);
