import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../dataset.js';
import { openDataset, openTable } from '../index.js';
import type { CsvConfig } from './csv.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-csv-'));
const place = { dataFolder: folder };
process.env.HELDOUT_CACHE = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const people = `age,city,sex,grade,zip,const,note,hired
30,Ulm,w,b,1,x,,yes
40,Bonn,m,a,2,x,,no
?,Ulm,w,c,3,x,,no
50,,m,a,4,x,,yes
60,Kiel,m,b,5,x,,no
20,Bonn,w,a,6,x,,yes
`;
let files = 0;
function write(content: string | Uint8Array): string {
  const name = `${files++}.csv`;
  writeFileSync(join(folder, name), content);
  return name;
}

const config = (content: string | Uint8Array, more: Partial<CsvConfig> = {}): CsvConfig => ({
  ...{ name: 'csv', file: write(content), target: 'hired', protected: 'sex' },
  ...more,
});
const open = (content: string, more: Partial<CsvConfig> = {}) => openDataset(config(content, more), place);

function rows(dataset: Dataset): number[][] {
  const width = dataset.inputs.features![0]!;
  const out = new Float32Array(dataset.table.size * width);
  dataset.fill(
    'features',
    Array.from({ length: dataset.table.size }, (_, at) => at),
    out,
  );
  return Array.from({ length: dataset.table.size }, (_, at) => [
    ...out.subarray(at * width, (at + 1) * width),
  ]);
}

describe('a table of one’s own', () => {
  it('has columns typed by looking, without the target and the protected one, and says what was decided', async () => {
    const dataset = await open(people);
    expect(rows(dataset)).toEqual([
      // age, city (Bonn, Kiel, Ulm), grade (a, b), zip
      [30, 0, 0, 1, 0, 1, 1],
      [40, 1, 0, 0, 1, 0, 2],
      [60, 0, 1, 0, 0, 1, 5],
      [20, 1, 0, 0, 1, 0, 6],
    ]);
    expect(dataset.standardise).toEqual({ features: [0, 6] });
    expect(dataset.stored!('features')).toEqual({ inMemory: true });
    expect(dataset.protected).toEqual(['sex']);
    expect(dataset.table.strata).toEqual(['hired', 'sex']);
    expect(dataset.table.variables.map(({ name, levels }) => [name, levels])).toEqual([
      ['hired', ['no', 'yes']],
      ['sex', ['m', 'w']],
    ]);
    expect([...dataset.table.column('hired')]).toEqual([1, 0, 0, 1]);
    expect([...dataset.table.column('sex')]).toEqual([1, 0, 0, 1]);
    expect(dataset.table.notes).toEqual([
      expect.stringMatching(
        /^\d+\.csv: 6 rows of cells between commas; 2 with missing values are left out \(age 1, city 1\), 4 stay$/,
      ),
      'numeric, standardised on the training set: age, zip',
      'categorical, one-hot: city (3), grade (2)',
      'left out: note (empty), const (one value)',
      'target hired: yes is positive (no 2, yes 2)',
      'protected sex: m 2, w 2; no input',
    ]);
  });

  it('obeys what a config says of columns', async () => {
    const dataset = await open(people, {
      columns: { zip: 'drop', age: 'log1p', grade: 'ordinal', const: 'drop' },
      use_protected: true,
      positive: 'no',
      variables: ['city'],
    });
    expect(rows(dataset)[0]).toEqual([Math.fround(Math.log1p(30)), 0, 0, 1, 0, 1, 1]);
    expect(dataset.standardise).toEqual({ features: [0, 6] });
    expect(dataset.table.variables.map(({ name, levels }) => [name, levels])).toEqual([
      ['hired', ['yes', 'no']],
      ['sex', ['m', 'w']],
      ['city', ['Bonn', 'Kiel', 'Ulm']],
    ]);
    expect(dataset.table.notes).toContain('left out: zip (asked for), const (asked for), note (empty)');
  });

  it('keeps rows with missing values on request: a level of their own, or what standardising makes the mean', async () => {
    const dataset = await open(people, { missing: 'level', columns: { zip: 'drop' } });
    expect(rows(dataset).slice(2, 4)).toEqual([
      [Number.NaN, 0, 0, 1, 0, 0, 0, 1],
      [50, 0, 0, 0, 1, 1, 0, 0],
    ]);
    const lacking = people
      .replace('Bonn,m,a', 'Bonn,,a')
      .replace('20,Bonn,w,a,6,x,,yes', '20,Bonn,w,a,6,x,,');
    expect((await open(lacking, { missing: 'level' })).table.size).toBe(4);
  });

  it('may have more than two groups, or one against the rest', async () => {
    const three = await open(people, { protected: ['city', 'sex'], target: 'hired' });
    expect(three.protected).toEqual(['city', 'sex']);
    expect(three.table.variable('city').levels).toEqual(['Bonn', 'Kiel', 'Ulm']);
    const one = await open(people, { protected: 'city', protected_positive: 'Bonn' });
    expect(one.table.variable('city').levels).toEqual(['not Bonn', 'Bonn']);
    expect([...one.table.column('city')]).toEqual([0, 1, 0, 1]);
    const swapped = await open(people, { protected_positive: 'm' });
    expect(swapped.table.variable('sex').levels).toEqual(['w', 'm']);
  });

  it('takes semicolons, names from the config, and columns of one name where they are numbered', async () => {
    const table = await openTable(config('3;x;1\n4;y;0\n5;x;0\n', { header: ['a', 'sex', 'hired'] }), place);
    expect(table.variable('hired').levels).toEqual(['0', '1']);
    const twice = 'a,a,sex,hired\n1,2,m,0\n2,3,w,1\n';
    await expect(open(twice)).rejects.toMatchObject({
      code: 'E_DATA_HEADER',
      message: 'columns have the same name: a (a stands in columns 1 and 2)',
      hints: expect.arrayContaining([expect.stringContaining('dataset.repeated=number')]),
    });
    expect((await open(twice, { repeated: 'number' })).table.notes).toContain(
      'numeric, standardised on the training set: a, a.2',
    );
  });

  it('has environments where a column is named: a variable, and no input', async () => {
    const dataset = await open(people, { environment: 'city' });
    expect(dataset.environment).toBe('city');
    expect(dataset.table).toMatchObject({ environment: 'city', label: 'hired', strata: ['hired', 'sex'] });
    expect(dataset.table.variable('city').levels).toEqual(['Bonn', 'Kiel', 'Ulm']);
    expect(dataset.inputs).toEqual({ features: [4] });
    expect(dataset.table.notes!.at(-1)).toBe('environments city: Bonn 2, Kiel 1, Ulm 1; no input');
    const groups = await open(people, { environment: 'sex', use_protected: true });
    expect(groups.table.environment).toBe('sex');
    expect(groups.inputs).toEqual({ features: [7] });
    expect((await open(people)).environment).toBeUndefined();
    await expect(open(people, { environment: 'hired' })).rejects.toMatchObject({
      place: 'dataset.environment',
    });
    await expect(open(people, { environment: 'site' })).rejects.toMatchObject({
      place: 'dataset.environment',
    });
  });

  it('is known by the files and what is made of them, not by their names', async () => {
    const prints = await Promise.all([
      open(people),
      open(people),
      open(people, { columns: { zip: 'categorical' } }),
      open(people, { positive: 'no' }),
      open(people.replace('30', '31')),
    ]);
    const [one, other, ...rest] = prints.map(({ fingerprint }) => fingerprint);
    expect(other).toBe(one);
    expect(new Set([one, ...rest]).size).toBe(4);
  });
});

describe('a second file', () => {
  const test = 'age,city,sex,grade,zip,const,note,hired\n35,Ulm,m,a,9,x,,no\n45,Rom,w,b,9,x,,yes\n';
  const both = (more: Partial<CsvConfig> = {}, second = test) =>
    open(people, { test_file: write(second), ...more });

  it('has the rows of the part test, with the levels of the first', async () => {
    const { table, ...dataset } = await both({}, test.replace('Rom', 'Kiel'));
    expect(table.variable('part').levels).toEqual(['train', 'test']);
    expect([...table.column('part')]).toEqual([0, 0, 0, 0, 1, 1]);
    expect(rows({ table, ...dataset }).slice(4)).toEqual([
      [35, 0, 0, 1, 1, 0, 9],
      [45, 0, 1, 0, 0, 1, 9],
    ]);
  });

  it('may have its columns in another order, and columns that the first has not', async () => {
    const turned = 'hired,extra,zip,sex,city,grade,age\nno,1,9,m,Ulm,a,35\nyes,2,8,w,Kiel,b,45\n';
    const { table, ...dataset } = await both({ columns: { const: 'drop', note: 'drop' } }, turned);
    expect(rows({ table, ...dataset }).slice(4)).toEqual([
      [35, 0, 0, 1, 1, 0, 9],
      [45, 0, 1, 0, 0, 1, 8],
    ]);
    expect([...table.column('hired').slice(4)]).toEqual([0, 1]);
    expect([...table.column('sex').slice(4)]).toEqual([0, 1]);
  });

  it('is refused where it has other levels, or has them as none', async () => {
    await expect(both()).rejects.toMatchObject({
      code: 'E_DATA_UNKNOWN',
      message: expect.stringMatching(/levels that the first file has not: city \(Rom\)$/),
      place: 'dataset.test_file',
      hints: [expect.stringContaining('dataset.unknown=zero'), 'dataset.columns={city: drop}'],
    });
    const dataset = await both({ unknown: 'zero' });
    expect(rows(dataset)[5]).toEqual([45, 0, 0, 0, 0, 1, 9]);
    expect(dataset.table.notes).toContain('levels of the second file that count as none: city (Rom)');
    await expect(both({ unknown: 'zero' }, test.replace('yes', 'later'))).rejects.toMatchObject({
      message: expect.stringContaining('hired (later)'),
    });
  });

  it('is refused where a column is missing, or is no number', async () => {
    await expect(both({}, 'age,sex,hired\n1,m,no\n')).rejects.toMatchObject({
      code: 'E_DATA_COLUMN',
      message: expect.stringContaining("has no column 'city'"),
    });
    await expect(both({}, test.replace('45', 'old'))).rejects.toMatchObject({
      code: 'E_DATA_NUMBER',
      message: 'age is "old" on line 3, which is no number',
    });
  });
});

describe('a table that cannot be used', () => {
  it.each<readonly [string, string, Partial<CsvConfig>, string, string, RegExp]>([
    [
      'of one class',
      people.replaceAll(',yes', ',no'),
      {},
      'E_DATA_TARGET',
      'dataset.target',
      /hired is no in every/,
    ],
    [
      'of three classes',
      people.replace(',yes', ',later'),
      {},
      'E_DATA_TARGET',
      'dataset.target',
      /hired has 3 values \(later, no, yes\), and a target here has two/,
    ],
    [
      'of one group',
      people.replaceAll(',w,', ',m,'),
      {},
      'E_DATA_GROUPS',
      'dataset.protected',
      /sex is m in every/,
    ],
    ['without the target', people, { target: 'hird' }, 'E_DATA_COLUMN', 'dataset.target', /no column 'hird'/],
    [
      'whose target is protected',
      people,
      { protected: 'hired' },
      'E_DATA_COLUMN',
      'dataset.protected',
      /'hired' is dataset.target already/,
    ],
    [
      'without a column that the config names',
      people,
      { columns: { wage: 'drop' } },
      'E_DATA_COLUMN',
      'dataset.columns.wage',
      /no column 'wage'/,
    ],
    [
      'without that group',
      people,
      { protected_positive: 'x' },
      'E_DATA_LEVELS',
      'dataset.protected_positive',
      /never 'x'/,
    ],
    ['without that class', people, { positive: 'x' }, 'E_DATA_LEVELS', 'dataset.positive', /never 'x'/],
    [
      'with a word where a number was promised',
      people,
      { columns: { city: 'numeric' } },
      'E_DATA_NUMBER',
      '2',
      /city is "Ulm" on line 2/,
    ],
    [
      'all of whose rows lack a value',
      'a,sex,hired\n,m,0\n?,w,1\n1,,1\n',
      {},
      'E_DATA_EMPTY',
      'dataset.missing',
      /every row/,
    ],
    [
      'without inputs',
      'a,sex,hired\nx,m,0\nx,w,1\n',
      {},
      'E_DATA_INPUTS',
      'dataset.columns',
      /no column is left/,
    ],
    ['without rows', 'a,sex,hired\n', {}, 'E_DATA_EMPTY', 'csv', /no rows/],
    ['without anything', '', {}, 'E_DATA_EMPTY', 'csv', /the file is empty/],
    ['without names', '1,m,0\n2,w,1\n', {}, 'E_DATA_HEADER', 'csv:1', /names no columns: it has "1"/],
  ])('%s', async (_, content, more, code, place, message) => {
    await expect(open(content, more)).rejects.toMatchObject({
      ...{ name: 'HeldoutError', code, message: expect.stringMatching(message) },
      place: expect.stringContaining(place),
      hints: expect.arrayContaining([expect.any(String)]),
    });
  });

  it('is missed with where to put it', async () => {
    await expect(openTable({ name: 'csv', file: 'mine.csv', target: 'y' }, place)).rejects.toMatchObject({
      code: 'E_DATA_MISSING',
      place: 'dataset.file',
      message: `there is no file ${join(folder, 'mine.csv')}`,
    });
  });

  it('may be put right and opened again', async () => {
    const broken = config('a,sex,hired\n1,m\n');
    await expect(openTable(broken, place)).rejects.toMatchObject({ code: 'E_DATA_ROWS' });
    writeFileSync(join(folder, broken.file), 'a,sex,hired\n1,m,0\n2,w,1\n');
    expect((await openTable(broken, place)).size).toBe(2);
  });
});

it('a text of many words is left out, and taken on request', async () => {
  const many = Array.from({ length: 150 }, (_, at) => `${at},w${at},${at % 2 ? 'm' : 'w'},${at % 3 ? 0 : 1}`);
  const content = `a,name,sex,hired\n${many.join('\n')}\n`;
  const looked = await open(content);
  expect(looked.inputs.features).toEqual([1]);
  expect(looked.table.notes).toContain('left out: name (text, more than 100 levels)');
  expect((await open(content, { columns: { name: 'categorical' } })).inputs.features).toEqual([151]);
  await expect(open(content, { protected: 'name' })).rejects.toMatchObject({
    code: 'E_DATA_GROUPS',
    message: expect.stringContaining('name has 150 values'),
  });
});
