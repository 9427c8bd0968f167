import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { HeldoutError } from '../core/errors.js';
import { createScores } from '../evaluation/examples/example-scores.js';
import type { ImportedPredictions } from './imported.js';
import { readPredictionFiles } from './read-predictions.js';
import { listImports, readImport, writeImport } from './store.js';
import { makePublished, toCsv, writeFiles } from './testing/files.js';
import { makeRecords } from './transfer-records.js';

const published = makePublished();
const header = 'model,dataset,example,label';
const small = (...rows: readonly string[]) => `${header},p_cat,p_dog\n${rows.join('\n')}\n`;
const folder = writeFiles({ 'published.csv': toCsv(published) });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads texts as if they were files. */
async function readTexts(...texts: readonly string[]): Promise<ImportedPredictions> {
  const paths = texts.map((text, at) => {
    const path = join(folder, `text-${at}.csv`);
    writeFileSync(path, text);
    return path;
  });
  return readPredictionFiles(paths);
}

async function errorOf(act: () => unknown): Promise<HeldoutError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof HeldoutError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** All scores, by network and set. */
const allScores = ({ networks, sets, scores }: ImportedPredictions) =>
  networks.flatMap((_, n) => sets.map((_, s) => scores(n, s)));

describe('a file of predictions', () => {
  it('tells networks, sets, classes, factors and groups', async () => {
    const imported = await readPredictionFiles([join(folder, 'published.csv')]);
    expect(imported.files[0]).toMatchObject({ rows: 8 * 500 });
    expect(imported.networks).toHaveLength(8);
    expect(imported.networks[1]).toEqual({
      ...{ name: 'm1', trainedOn: undefined, factors: { arch: 'net1', lr: '0.1' } },
    });
    expect(imported.sets.map(({ name, examples, classes }) => [name, examples.length, classes])).toEqual([
      ['photos', 300, ['0', '1', '2']],
      ['sketches', 200, ['0', '1', '2']],
    ]);
    expect(imported.sets[0]!.groups.half!.levels).toEqual(['a', 'b']);
  });

  it('says the same as Parquet, and in any order of its rows', async () => {
    const { header: names, rows } = published;
    const plain = await readPredictionFiles([join(folder, 'published.csv')]);
    const columnData = names.map((name, at) => {
      const data = rows.map((row) => row[at]!);
      return typeof data[0] === 'number' && name !== 'label'
        ? { name, data: Float64Array.from(data as number[]), type: 'DOUBLE' as const }
        : { name, data: data.map(String), type: 'STRING' as const };
    });
    const path = join(folder, 'published.parquet');
    writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 999 })));
    expect(allScores(await readPredictionFiles([path]))).toEqual(allScores(plain));

    // A model after the other becomes an example after the other.
    const order = [...rows.keys()].sort((a, b) => (a % 100) - (b % 100) || a - b);
    const mixed = await readTexts(toCsv({ header: names, rows: order.map((at) => rows[at]!) }));
    const accuracy = (imported: ImportedPredictions) => makeRecords(imported, { id: ['photos'] }).records;
    const sorted = (records: ReturnType<typeof accuracy>) =>
      [...records]
        .sort((a, b) => (a.network < b.network ? -1 : 1))
        .map(({ network, oodMetrics }) => [network, oodMetrics.accuracy]);
    expect(sorted(accuracy(mixed))).toEqual(sorted(accuracy(plain)));
  });

  it('may have probabilities, which count as what they are to each other', async () => {
    const imported = await readTexts(
      small('m,a,1,cat,0.7,0.3', 'm,a,2,dog,0.996,0.001', 'm,b,1,dog,0,1', 'm,b,2,cat,0.25,0.75'),
    );
    const scores = imported.scores(0, 0)!;
    expect([...scores.answer]).toEqual([0, 0]);
    expect(scores.confidence[0]).toBeCloseTo(0.7, 12);
    expect(scores.crossEntropy[1]).toBeCloseTo(-Math.log(0.001 / 0.997), 10);
    expect(imported.scores(0, 1)!.crossEntropy[0]).toBeCloseTo(0, 12);
  });

  it('may have answers alone, in words or numbers of any kind', async () => {
    const rows = ['m,a,1,cat,cat', 'm,a,2,dog,cat', 'm,a,3,3,3.0', 'm,b,1,dog,dog', 'm,b,2,cat,dog'];
    const imported = await readTexts(`${header},prediction\n${rows.join('\n')}\n`);
    const { records } = makeRecords(imported);
    expect(records[0]).toMatchObject({ id: 'a', ood: 'b', idCount: 3, oodCount: 2 });
    expect(records[0]!.idMetrics.accuracy).toBeCloseTo(2 / 3, 12);
    expect(records[0]!.idMetrics.ece).toBeNaN();
  });

  it('leaves classes empty that a dataset has not', async () => {
    const rows = ['m,a,1,0,1,2,', 'm,a,2,1,0,3,', 'm,b,1,2,1,2,5', 'm,b,2,0,9,3,1'];
    const imported = await readTexts(`${header},logit_0,logit_1,logit_2\n${rows.join('\n')}\n`);
    expect(imported.sets.map(({ classes }) => classes)).toEqual([
      ['0', '1'],
      ['0', '1', '2'],
    ]);
  });

  it('has factors whose names begin as those of probabilities, and says what may be one', async () => {
    const rows = ['m,a,1,cat,1,0,0.5,0.7,0.3', 'm,b,1,dog,0,1,0.5,0.2,0.8'];
    const columns = 'logit_cat,logit_dog,p_dropout,p_cat,p_dog';
    const beside = await readTexts(`${header},${columns}\n${rows.join('\n')}\n`);
    expect(beside.networks[0]!.factors).toEqual({ p_dropout: '0.5' });
    expect(beside.notes).toEqual([]);

    const zero = ['m,a,1,cat,0.7,0.3,0', 'm,b,1,dog,0.2,0.8,0'];
    const alone = await readTexts(`${header},p_cat,p_dog,p_dropout\n${zero.join('\n')}\n`);
    expect(alone.notes).toEqual([
      expect.stringMatching(/^Classes of no example: dropout \(a factor of the models is called otherwise/),
    ]);
  });

  it('joins altered copies of a set to its metrics', async () => {
    const rows = [
      'm,a,1,cat,1,0,',
      'm,a,2,dog,0,1,',
      'm,a,1,cat,0.6,0.4,fog-3',
      'm,b,1,cat,1,0,',
      'm,b,1,cat,0,1,fog-3',
    ];
    const { records } = makeRecords(await readTexts(`${header},p_cat,p_dog,variant\n${rows.join('\n')}\n`));
    expect(records).toHaveLength(1);
    expect(records[0]!.idMetrics).toMatchObject({ accuracy: 1, 'accuracy@fog-3': 1 });
    expect(records[0]!.oodMetrics).toMatchObject({ accuracy: 1, 'accuracy@fog-3': 0 });
  });

  it('may say what each model was trained on, and of which task a set is', async () => {
    const rows = ['a', 'b', 'c'].flatMap((set) =>
      ['a', 'b'].map((trained) => `m,${set},1,cat,1,0,${trained},${set === 'c' ? 'other' : 'pets'}`),
    );
    const { records } = makeRecords(
      await readTexts(`${header},p_cat,p_dog,trained_on,task\n${rows.join('\n')}\n`),
    );
    expect(records.map(({ task, id, ood }) => [task, id, ood])).toEqual([
      ['pets', 'a', 'b'],
      ['pets', 'b', 'a'],
    ]);
  });
});

describe('what is wrong is named with file and line', () => {
  const good = ['m,a,1,cat,0.7,0.3', 'm,a,2,dog,0.4,0.6'];
  it.each<readonly [string, string, string, string, string]>([
    [
      'a missing column',
      'model,dataset,example,labels,p_a,p_b\n',
      ':1',
      "no column 'label'",
      "rename 'labels' to 'label'",
    ],
    ['no predictions', `${header}\nm,a,1,cat\n`, ':1', "no column 'prediction'", 'logit_0'],
    ['a column twice', `${header},label\n`, ':1', "two columns are called 'label'", 'rename'],
    ['one class', `${header},p_cat\n`, ':1', 'one class alone', 'every class'],
    ['NaN', small(...good, 'n,a,1,cat,nan,0.3'), ':4', "p_cat is 'nan'", 'leave its rows out'],
    ['infinity', `${header},logit_cat,logit_dog\nm,a,1,cat,inf,1\n`, ':2', "logit_cat is 'inf'", 'diverged'],
    ['a hole', small(...good, 'n,a,1,cat,0.7,'), ':4', "p_dog is ''", 'left empty in all of its rows'],
    [
      'an unknown label',
      small(...good, 'm,a,3,bird,0.5,0.5'),
      ':4',
      "label 'bird' is none of the 2 classes cat, dog",
      'p_',
    ],
    [
      'another label',
      small(...good, 'n,a,1,dog,0.5,0.5'),
      ':4',
      "label 'dog' here and 'cat' in",
      'one label',
    ],
    [
      'an example twice',
      small(...good, 'm,a,2,dog,0.5,0.5'),
      ':4',
      'example 2 of a stands twice for model m',
      'its own',
    ],
    [
      'fewer examples',
      small(...good, 'n,a,1,cat,0.5,0.5'),
      ':4',
      "model n has 1 of the 2 examples of a: '2' is missing",
      'same examples',
    ],
    [
      'other examples',
      small(...good, 'n,a,1,cat,0.5,0.5', 'n,a,x,cat,0.5,0.5'),
      ':2',
      "model m has 2 of the 3 examples of a: 'x' is missing, which model n has in",
      'another dataset name',
    ],
    ['probabilities that are none', small('m,a,1,cat,0.7,0.7'), ':2', 'add up to 1.4', 'logit_CLASS'],
    ['negative ones', small('m,a,1,cat,-0.2,1.2'), ':2', 'a probability is -0.2', 'logit_CLASS'],
    [
      'a factor that changes',
      `${header},prediction,lr\nm,a,1,x,x,0.1\nm,a,2,x,x,0.2\n`,
      ':3',
      "lr of model m is '0.2' here and '0.1' in",
      'group_lr',
    ],
    [
      'a group that changes',
      `${header},prediction,group_sex\nm,a,1,x,x,f\nn,a,1,x,x,m\n`,
      ':3',
      "group_sex 'm' here and 'f' before",
      'same group',
    ],
    [
      'a task that changes',
      `${header},prediction,task\nm,a,1,x,x,p\nn,a,1,x,x,q\n`,
      ':3',
      "of the task 'q' here and of 'p' before",
      'same task',
    ],
    ['no model', small(',a,1,cat,0.5,0.5'), ':2', 'names no model', 'fill'],
    ['no answer', `${header},prediction\nm,a,1,x,\n`, ':2', 'the row has no prediction', 'every row'],
    ['no rows', small().trimEnd(), 'text-0.csv', 'no rows', ''],
  ])('%s', async (_, text, place, message, hint) => {
    const error = await errorOf(() => readTexts(text));
    expect(error.exitCode).toBe(2);
    expect(error.place).toContain(place);
    expect(error.message).toContain(message);
    expect(error.hints.join('\n')).toContain(hint);
  });

  it('answers beside probabilities', async () => {
    const error = await errorOf(() => readTexts(small(...good), `${header},prediction\nn,a,1,cat,cat\n`));
    expect(error.place).toMatch(/text-1.csv:2$/);
    expect(error.message).toContain('a number for each class');
  });

  it('a file that is not there, and Parquet that is none', async () => {
    expect((await errorOf(() => readPredictionFiles(['nowhere.csv']))).message).toBe('there is no such file');
    writeFileSync(join(folder, 'no.parquet'), 'abc');
    expect((await errorOf(() => readPredictionFiles([join(folder, 'no.parquet')]))).code).toBe(
      'E_IMPORT_PARQUET',
    );
  });

  it('an ID set that is not there, or two', async () => {
    const imported = await readTexts(small(...good, 'm,b,1,cat,0.5,0.5', 'n,b,1,cat,0.5,0.5'));
    expect((await errorOf(() => makeRecords(imported, { id: ['aa'] }))).hints[0]).toBe('did you mean id=a?');
    expect((await errorOf(() => makeRecords(imported, { id: ['a', 'b'] }))).message).toContain(
      'names 2 of one task',
    );
    expect((await errorOf(() => makeRecords(imported))).message).toContain(
      'model n has no predictions on its ID set a',
    );
    expect(makeRecords(imported, { id: ['b'] }).records).toHaveLength(1);
  });
});

describe('an import that was kept', () => {
  it('is whole where it has more rows than a page of a file', async () => {
    const examples = Array.from({ length: 100_000 }, (_, at) => `e${at}`);
    const truth = Int32Array.from(examples, (_, at) => at % 7);
    const own = (n: number) => ({
      ...createScores(examples.length),
      truth,
      answer: truth.map((one) => (one + n) % 7),
    });
    const imported: ImportedPredictions = {
      files: [],
      networks: ['a', 'b', 'c'].map((name) => ({ name, trainedOn: undefined, factors: {} })),
      sets: [{ name: 's', variant: '', task: '', examples, classes: undefined, groups: {} }],
      scores: (n) => own(n),
      notes: [],
    };
    await writeImport(folder, { name: 'large', choice: {}, imported });
    const again = await readImport(folder, 'large');
    for (const n of [0, 1, 2]) expect(again.imported.scores(n, 0)!.answer).toEqual(own(n).answer);
    expect(again.imported.sets[0]!.examples.at(-1)).toBe('e99999');
  });

  it('is read as it was written, and refused when it is damaged', async () => {
    const results = join(folder, 'results');
    const imported = await readPredictionFiles([join(folder, 'published.csv')]);
    const choice = { id: ['photos'], by: 'lr' };
    const path = await writeImport(results, { name: 'mine', choice, imported });
    const again = await readImport(results, 'mine');
    expect(listImports(results)).toEqual(['mine']);
    expect(again.choice).toEqual(choice);
    expect(again.imported.sets).toEqual(imported.sets);
    expect(again.imported.networks).toEqual(imported.networks);
    expect(allScores(again.imported)).toEqual(allScores(imported));
    expect(makeRecords(again.imported, choice).records).toEqual(makeRecords(imported, choice).records);
    writeFileSync(join(path, 'scores.parquet'), 'x');
    const error = await errorOf(() => readImport(results, 'mine'));
    expect(error).toMatchObject({ code: 'E_IMPORT_CORRUPT', exitCode: 1 });
    expect(error.hints[0]).toMatch(/^npm run results -- import .*published.csv name=mine$/);
  });
});
