import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { writeFiles } from '../testing/files.js';
import { readCsv } from './csv-cells.js';
import { readParquet } from './parquet-cells.js';
import { parseNumber } from './parse-number.js';

const long = Array.from({ length: 60_000 }, (_, at) => `row ${at},${at / 7},"${at}, quoted"`).join('\n');
const folder = writeFiles({
  'plain.csv': 'a,b\n1, two \n3,\n',
  'spread.csv': '\uFEFFa;b\r\n"x; ""y""";2.5\r\n\r\n"two\nlines";-1e-3\r\nlast;7',
  'long.csv': `a,b,c\n${long}`,
  'ragged.csv': 'a,b\n1,2\n1,2,3\n',
  'open.csv': 'a,b\n1,"2\n3,4\n',
  'after.csv': 'a,b\n1,"2"3\n',
  'empty.csv': '',
  'header.csv': 'a,b\n',
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(name: string): Promise<(readonly [string, string, number, number])[]> {
  const found: [string, string, number, number][] = [];
  await readCsv(join(folder, name), () => (cells, line) => {
    found.push([cells.text(0), cells.text(1), cells.number(1), line]);
  });
  return found;
}

describe('numbers', () => {
  const parse = (text: string) => parseNumber(Buffer.from(`,${text},`), 1, 1 + text.length);

  it('are those of JavaScript, to the bit', () => {
    const texts = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.integer().map(String),
      fc.tuple(fc.integer(), fc.integer({ min: -30, max: 30 })).map(([a, b]) => `${a}.25e${b}`),
      fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toFixed(6)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(parse(text)).toBe(Number(text));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['', 'nan', 'inf', '1.2.3', '1e', 'e5', '-', '0x10', '1 2', '--1'])('%j is none', (text) => {
    expect(parse(text)).toBeNaN();
  });
});

describe('delimited text', () => {
  it('is cut into cells without blanks around them', async () => {
    expect(await read('plain.csv')).toEqual([
      ['1', 'two', Number.NaN, 2],
      ['3', '', Number.NaN, 3],
    ]);
  });

  it('may have quotes, other separators, other ends of lines and none at the end', async () => {
    expect(await read('spread.csv')).toEqual([
      ['x; "y"', '2.5', 2.5, 2],
      ['two\nlines', '-1e-3', -0.001, 4],
      ['last', '7', 7, 6],
    ]);
  });

  it('is read in pieces that end anywhere', async () => {
    const found = await read('long.csv');
    expect(found).toHaveLength(60_000);
    expect(found.every(([name, , value], at) => name === `row ${at}` && value === at / 7)).toBe(true);
    expect(found.at(-1)![3]).toBe(60_001);
  });

  it.each([
    ['ragged.csv', 'ragged.csv:3', 'the row has 3 cells where the header has 2'],
    ['open.csv', 'open.csv:2', 'quotes do not match'],
    ['after.csv', 'after.csv:2', 'quotes do not match'],
    ['empty.csv', 'empty.csv:1', 'the file is empty'],
  ])('%s is refused', async (name, place, message) => {
    await expect(read(name)).rejects.toMatchObject({
      place: expect.stringContaining(place),
      message: expect.stringContaining(message),
    });
  });
});

describe('Parquet', () => {
  const write = (
    codec: 'SNAPPY' | 'GZIP' | 'BROTLI' | 'ZSTD',
    compress?: (bytes: Uint8Array) => Uint8Array,
  ) => {
    const data = Array.from({ length: 500 }, (_, at) => `row ${at % 7}`);
    const path = join(folder, `${codec}.parquet`);
    const buffer = parquetWriteBuffer({
      ...{ columnData: [{ name: 'a', data, type: 'STRING' }], codec, rowGroupSize: 200 },
      ...(compress && { compressors: { [codec]: compress } }),
    });
    writeFileSync(path, new Uint8Array(buffer));
    return path;
  };
  const readAll = async (path: string) => {
    const found: string[] = [];
    await readParquet(path, () => (cells) => found.push(cells.text(0)));
    return found;
  };

  it('is read as pandas, Arrow and others compress it', async () => {
    const plain = await readAll(write('SNAPPY'));
    expect([plain.length, plain[499]]).toEqual([500, 'row 2']);
    expect(await readAll(write('GZIP', (bytes) => new Uint8Array(gzipSync(bytes))))).toEqual(plain);
    expect(await readAll(write('BROTLI', (bytes) => new Uint8Array(brotliCompressSync(bytes))))).toEqual(
      plain,
    );
  });

  it('that is compressed in another way is not called damaged', async () => {
    await expect(readAll(write('ZSTD', (bytes) => bytes))).rejects.toThrow('compressed by ZSTD');
  });
});
