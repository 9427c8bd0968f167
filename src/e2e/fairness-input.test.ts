import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compasScores, locateDataFile } from '../datasets/data-files.js';
import { testDataFolder } from '../datasets/testing/real-data.js';
import { drawFloat24, stream } from '../random/stream.js';
import { callCommand, runCommand, temporaryFolder } from './cli.js';
import { listFilesBelow } from './files.js';

const folder = temporaryFolder();
const results = join(folder, 'results');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Person = Record<'age' | 'city' | 'race' | 'hired', string>;

/** People of three groups, each with a share of its own that is hired. */
function drawPeople(
  count: number,
  change: (person: Person, at: number) => Partial<Person> = () => ({}),
): Person[] {
  const source = stream(0, 'applicants');
  return Array.from({ length: count }, (_, at) => {
    const group = at % 3;
    const age = 20 + Math.floor(40 * drawFloat24(source));
    const person: Person = {
      age: String(age),
      city: ['N', 'S'][Math.floor(2 * drawFloat24(source))]!,
      race: ['Black', 'Brown', 'White'][group]!,
      hired: age + 30 * (drawFloat24(source) - 0.5) > 45 - 5 * group ? 'yes' : 'no',
    };
    return { ...person, ...change(person, at) };
  });
}

function write(
  name: string,
  people: readonly Person[],
  edit: (text: string) => string | Buffer = String,
): string {
  const path = join(folder, `${name}.csv`);
  const lines = people.map(({ age, city, race, hired }) => [age, city, race, hired].join());
  writeFileSync(path, edit(`age,city,race,hired\n${lines.join('\n')}\n`));
  return path;
}

const study = (file: string, ...more: readonly string[]) => [
  ...['--config', 'fairness.yaml', 'dataset=csv', `dataset.file=${file}`, 'dataset.target=hired'],
  ...['dataset.protected=race', ...more, `paths.results=${results}`],
];

async function refuse(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await callCommand('experiment', [...words, '--dry-run']);
  expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/internal error|^ +at /m);
  return stderr;
}

async function plan(words: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await callCommand('experiment', [...words, '--dry-run'], environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const usual = write('usual', drawPeople(90));

describe('a table of people', () => {
  it.each<readonly [string, string, readonly string[], readonly string[]]>([
    [
      'with one group',
      write(
        'one-group',
        drawPeople(60, () => ({ race: 'White' })),
      ),
      [],
      ['dataset.protected: race is White in every row: with one group', '→ dataset.protected=COLUMN'],
    ],
    [
      'whose second group lacks values',
      write(
        'lost-group',
        drawPeople(60, ({ race }) => (race === 'White' ? {} : { age: '?' })),
      ),
      [],
      ['race is White in every row that is kept', 'dataset.missing=level keeps them'],
    ],
    [
      'with one class',
      write(
        'one-class',
        drawPeople(60, () => ({ hired: 'yes' })),
      ),
      [],
      ['dataset.target: hired is yes in every row: there is nothing to tell', '→ dataset.target=COLUMN'],
    ],
    [
      'with three classes',
      write(
        'three-classes',
        drawPeople(60, (_, at) => (at % 5 === 0 ? { hired: 'maybe' } : {})),
      ),
      [],
      ['hired has 3 values (maybe, no, yes), and a target here has two', "'dataset.positive=[yes]'"],
    ],
    [
      'with a ragged row',
      write('ragged', drawPeople(60), (text) => text.replace('\n', '\n33,N,White\n')),
      [],
      ['ragged.csv:2', 'line 2 has 3 cells', '→ cells are separated by commas'],
    ],
    [
      'in another encoding',
      write(
        'latin',
        drawPeople(60, (_, at) => (at === 9 ? { city: 'Zürich' } : {})),
        (text) => Buffer.from(text, 'latin1'),
      ),
      [],
      ['the file is not UTF-8: 0xFC at line 11', '→ iconv -f WINDOWS-1252'],
    ],
    [
      'whose second file has levels of its own',
      usual,
      [
        `dataset.test_file=${write(
          'second',
          drawPeople(60, (_, at) => (at === 5 ? { city: 'W' } : {})),
        )}`,
      ],
      ['second.csv has levels that the first file has not: city (W)', '→ dataset.unknown=zero'],
    ],
    [
      'whose second file has a group of its own',
      usual,
      [
        `dataset.test_file=${write(
          'third',
          drawPeople(60, (_, at) => (at === 5 ? { race: 'Green' } : {})),
        )}`,
      ],
      ['third.csv has levels that the first file has not: race (Green)', 'give the first file rows'],
    ],
    ['that is a folder', folder, [], ['is a folder, not a file', 'NAME.csv']],
    [
      'compared with a level that it has not',
      usual,
      ['dataset.protected_positive=Green'],
      ["dataset.protected_positive: race is never 'Green'", '→ its values are Black, Brown, White'],
    ],
  ])('%s is refused', async (_, file, more, parts) => {
    const message = await refuse(...study(file, ...more));
    for (const part of parts) expect(message).toContain(part);
    expect(listFilesBelow(results)).toEqual([]);
  });

  it('is told what becomes of it: missing values, and one group against the rest', async () => {
    const gaps = write(
      'gaps',
      drawPeople(60, (_, at) => (at % 6 === 0 ? { age: '' } : {})),
    );
    const dropped = await plan(study(gaps, 'dataset.protected_positive=White'));
    const kept = await plan(study(gaps, 'dataset.missing=level', 'dataset.positive=no'));
    expect(dropped).toContain(
      'gaps.csv: 60 rows of cells between commas; 10 with missing values are left out (age 10)',
    );
    expect(dropped).toMatch(/protected race: not White 30, White 20; no input/);
    expect(kept).toContain('become the train mean or a level of their own (age 10)');
    expect(kept).toMatch(/target hired: no is positive/);
  });
});

it.skipIf(locateDataFile(testDataFolder, compasScores).found === undefined)(
  'names in the file of COMPAS are dropped, and it says so',
  async () => {
    const published = readFileSync(locateDataFile(testDataFolder, compasScores).found!, 'utf8');
    const [head = '', ...rows] = published.trimEnd().split(/\r?\n/);
    const data = join(folder, 'data');
    const path = join(data, compasScores.paths[0]!);
    mkdirSync(join(path, '..'), { recursive: true });
    const named = rows.map((row) => `${row},Jo Doe,1980-01-01`);
    writeFileSync(path, [`${head},name,dob`, ...named, ''].join('\n'));
    const told = await plan(['--config', 'fairness.yaml', 'dataset=compas', `paths.results=${results}`], {
      HELDOUT_DATA: data,
    });
    expect(told).toContain('left out because they tell who somebody is: name, dob');
  },
);

describe('a study of three groups', () => {
  const small = [
    ...['objective=two_heads', 'objective.shuffled=false', 'seed=0', 'training.steps=4'],
    ...['training.batch_size=16', 'training.monitor.every=4', 'training.checkpoint_every=4'],
    'engine.backend=wasm',
    ...['~evaluation.probes', '--progress', 'plain'],
  ];

  it('is refused where training would see nobody of one', async () => {
    const lonely = write(
      'lonely',
      drawPeople(90, (_, at) => (at === 7 ? { race: 'Green' } : {})),
    );
    const shares = 'split.shares={train: 0.05, validation: 0.9, test: 0.05}';
    const { code, stderr } = await callCommand('experiment', [...study(lonely, ...small), shares]);
    expect(code).toBe(2);
    expect(stderr).toContain('split: nobody of the training set has race Green (1 in all)');
    expect(stderr).toContain('→ dataset.protected_positive=LEVEL compares one group with all others');
  });

  it('ends with tables that name their gap, or say that they are for two', async () => {
    const { code, stdout, stderr } = await runCommand('experiment', study(usual, ...small));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/two-heads-csv@\w+: Two heads on csv/);
    const [name] = readdirSync(join(results, 'tables'));
    const read = (table: string) => readFileSync(join(results, 'tables', name!, `${table}.md`), 'utf8');
    const within = read('accuracy-within-gap');
    expect(within).toContain('gap ≤ 0.05: gap (max − min)');
    expect(within).toMatch(/two heads, certified *\| *n too small/);
    expect(within).toContain('the nearest bound is');
    expect(read('trade-offs')).toContain('searched by coordinate descent');
    expect(read('treated-differently')).toContain('Brown: loses');
    expect(read('equivalence')).toContain('This table is for two groups, and race has 3');
  });
});
