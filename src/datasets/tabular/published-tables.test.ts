import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../core/hash.js';
import { countLevels } from '../../variables/targets.js';
import { adultTest, adultTrain, compasScores, locateDataFile } from '../data-files.js';
import { publishedDatasets } from '../downloads/catalogue.js';
import { type DatasetConfig, openDataset } from '../index.js';
import { testDataFolder } from '../testing/real-data.js';
import type { AdultConfig } from './adult.js';

const real = { dataFolder: testDataFolder };
const folder = mkdtempSync(join(tmpdir(), 'heldout-tables-'));
process.env.HELDOUT_CACHE = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const locate = (file: typeof adultTrain) => locateDataFile(testDataFolder, file).found;
const hasAdult = locate(adultTrain) !== undefined && locate(adultTest) !== undefined;
const hasCompas = locate(compasScores) !== undefined;

async function crossCounts(config: DatasetConfig, dataFolder = testDataFolder) {
  const { table, inputs, targets, protected: groups = [] } = await openDataset(config, { dataFolder });
  const [target, group] = [table.column(targets[0]!.name), table.column(groups[0]!)];
  const positive = new Uint32Array(table.variable(groups[0]!).levels.length);
  for (let at = 0; at < table.size; at++) positive[group[at]!]! += target[at]!;
  return {
    size: table.size,
    width: inputs.features![0],
    levels: table.variable(groups[0]!).levels,
    groups: [...countLevels(table, groups[0]!)],
    positive: [...positive],
    notes: table.notes!,
  };
}

describe.skipIf(!hasAdult)(`Adult (skipped without ${adultTrain.paths[0]} in ${testDataFolder})`, () => {
  it('has the complete rows of its training file, and the inputs of section 5.2', async () => {
    expect(await crossCounts({ name: 'adult' })).toMatchObject({
      ...{ size: 30_162, levels: ['Female', 'Male'], groups: [9782, 20_380], positive: [1112, 6396] },
      width: 5 + 7 + 7 + 14 + 6 + 5 + 41,
    });
    const dataset = await openDataset({ name: 'adult' }, real);
    const numbers = new Float32Array(85);
    dataset.fill('features', [0], numbers);
    // 39, State-gov, 77516, Bachelors, 13, Never-married, ..., 2174, 0, 40: columns as the file has them.
    expect([numbers[0], numbers[8]]).toEqual([39, 13]);
    expect(numbers.filter((value) => value === Math.fround(Math.log1p(2174)))).toHaveLength(1);
    expect(numbers.reduce((sum, value) => sum + (value === 1 ? 1 : 0), 0)).toBe(6);
  });

  it('has both files, with or without missing values, and rates of men and women', async () => {
    expect(await crossCounts({ name: 'adult', part: 'all' })).toMatchObject({ size: 45_222 });
    const all = await crossCounts({ name: 'adult', part: 'all', missing: 'level' });
    expect(all.size).toBe(48_842);
    const [women, men] = all.positive.map((count, at) => count / all.groups[at]!);
    expect([women!.toFixed(4), men!.toFixed(4)]).toEqual(['0.1093', '0.3038']);
    const races = await crossCounts({ name: 'adult', protected: ['race'], use_protected: true });
    expect(races.levels).toHaveLength(5);
    const ordinal = { fnlwgt: 'ordinal', age: 'ordinal', education: 'ordinal' } as const;
    const coded = await crossCounts({ name: 'adult', part: 'all', missing: 'level', columns: ordinal });
    expect(coded).toMatchObject({ size: 48_842, width: 7 + 9 + 7 + 15 + 6 + 5 + 42 });
    expect(coded.notes.join()).toContain('age (74), fnlwgt (28523), education (16)');
    const dropped = { race: 'drop', relationship: 'drop', fnlwgt: 'numeric' } as const;
    expect((await crossCounts({ name: 'adult', columns: dropped })).width).toBe(85 - 5 - 6 + 1);
  });

  it('takes the test file of UCI, with its comment line and dots', async () => {
    const uci = join(folder, 'uci', 'adult');
    mkdirSync(uci, { recursive: true });
    copyFileSync(locate(adultTrain)!, join(uci, 'adult.data'));
    const lines = readFileSync(locate(adultTest)!, 'utf8').trimEnd().split('\n');
    const dotted = lines.map((line) => (line.endsWith('.') ? line : `${line}.`));
    const original = `|1x3 Cross validator\n${dotted.join('\n')}\n\n`;
    expect(sha256(original)).toBe(publishedDatasets[0]!.files[1]!.sha256);
    writeFileSync(join(uci, 'adult.test'), original);
    const config: AdultConfig = { name: 'adult', part: 'all', missing: 'level' };
    expect((await crossCounts(config, join(folder, 'uci'))).size).toBe(48_842);
  });

  it('is refused where the file is not the published one', async () => {
    const cut = join(folder, 'cut');
    mkdirSync(cut);
    const lines = readFileSync(locate(adultTrain)!, 'utf8').split('\n');
    writeFileSync(join(cut, 'adult.data'), lines.slice(0, 1000).join('\n'));
    await expect(openDataset({ name: 'adult' }, { dataFolder: cut })).rejects.toMatchObject({
      code: 'E_DATA_FILE',
      place: join(cut, 'adult.data'),
      message: expect.stringMatching(/^this is not the published file: .* where it has 6662 of 21790 men/),
    });
  });
});

describe.skipIf(!hasCompas)(`COMPAS (skipped without ${compasScores.paths[0]} in ${testDataFolder})`, () => {
  it('has the people whom ProPublica keeps, of two races or all', async () => {
    expect(await crossCounts({ name: 'compas' })).toMatchObject({
      ...{ size: 5278, width: 9, levels: ['Caucasian', 'African-American'] },
      ...{ groups: [2103, 3175], positive: [822, 1661] },
    });
    expect(await crossCounts({ name: 'compas', races: 'all', protected: ['sex'] })).toMatchObject({
      ...{ size: 6172, width: 7, levels: ['Female', 'Male'], groups: [1175, 4997], positive: [413, 2396] },
    });
    const everybody = await crossCounts({ name: 'compas', races: 'all' });
    expect(everybody.levels.slice(0, 2)).toEqual(['Caucasian', 'African-American']);
    expect(everybody.levels).toHaveLength(6);
  });

  it('drops names and birth dates where the file has them, and never takes them', async () => {
    const named = join(folder, 'named');
    mkdirSync(named);
    const [header, ...lines] = readFileSync(locate(compasScores)!, 'utf8').trimEnd().split('\n');
    const more = lines.map((line, at) => `${line},Jane Doe ${at},Jane,Doe ${at},1970-01-01`);
    const path = join(named, 'compas-scores-two-years.csv');
    writeFileSync(path, `${[`${header},name,first,last,dob`, ...more].join('\n')}\n`);
    const found = await crossCounts({ name: 'compas' }, named);
    expect(found).toMatchObject({ size: 5278, width: 9 });
    expect(found.notes).toContain('left out because they tell who somebody is: name, first, last, dob');
    await expect(
      openDataset({ name: 'compas', columns: { name: 'categorical' } }, { dataFolder: named }),
    ).rejects.toMatchObject({ code: 'E_DATA_PERSONAL', place: 'dataset.columns.name' });
  });
});

it('published tables are missed with what gets them', async () => {
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  for (const name of ['adult', 'compas']) {
    await expect(openDataset({ name }, { dataFolder: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'E_DATA_MISSING',
      hints: expect.arrayContaining([`npm run data -- get ${name}`]),
    });
  }
});
