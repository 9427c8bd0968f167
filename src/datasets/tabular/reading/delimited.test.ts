import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type DelimitedFormat, guessDelimiter, readDelimited } from './delimited.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-delimited-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function write(content: string | Uint8Array): string {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, content);
  return path;
}

async function read(content: string | Uint8Array, format: DelimitedFormat = { delimiter: 'auto' }) {
  const rows: (readonly [number, readonly string[]])[] = [];
  const { sha256 } = await readDelimited(write(content), format, (cells, line) =>
    rows.push([line, [...cells]]),
  );
  return { rows, sha256 };
}

describe('delimited text', () => {
  it('is cut into cells, without blanks around them, empty lines and comments', async () => {
    const { rows, sha256 } = await read('|a comment\na, b\n\n"x, ""y""\nz" ,2\r\n3,', {
      delimiter: ',',
      comment: '|',
    });
    expect(rows).toEqual([
      [2, ['a', 'b']],
      [5, ['x, "y"\nz', '2']],
      [6, ['3', '']],
    ]);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['a;b;c\n1,5;2;3\n', ';', 3],
    ['a\tb\n1\t2\n', '\t', 2],
    ['"a,b,c"|d\n1|2\n', '|', 2],
    ['alone\n1\n', ',', 1],
  ])('finds what stands between cells: %j', async (content, delimiter, width) => {
    expect(guessDelimiter(write(content))).toBe(delimiter);
    expect((await read(content)).rows[0]![1]).toHaveLength(width);
  });

  it('may begin with a mark, and have letters of several bytes anywhere, across pieces of the file too', async () => {
    expect((await read('\uFEFFname,b\n1,2\n')).rows[0]![1]).toEqual(['name', 'b']);
    const { rows } = await read(`a,b\n${'é€😀,x\n'.repeat(20_000)}`);
    expect(rows).toHaveLength(20_001);
    expect(new Set(rows.slice(1).map(([, [first]]) => first))).toEqual(new Set(['é€😀']));
  });

  it('is refused with the line where rows are not equally long', async () => {
    await expect(read(`a,b\n${'1,2\n'.repeat(5000)}1,2,3\n1,2\n`)).rejects.toMatchObject({
      code: 'E_DATA_ROWS',
      message: 'line 5002 has 3 cells where the lines before have 2',
      place: expect.stringMatching(/\.csv:5002$/),
    });
  });

  it.each([
    ['a quote stays open', `a,b\n"1,2\n3,4\n`],
    ['text follows a quote', 'a,b\n"1"x,2\n'],
  ])('is refused where %s', async (_, content) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'E_DATA_ROWS',
      message: /quotes do not match/,
    });
  });

  it('gives up on a quote that stays open before the file is in memory', async () => {
    await expect(read(`a,b\n"${'1,2\n'.repeat(600_000)}`)).rejects.toMatchObject({ code: 'E_DATA_ROWS' });
  });

  it('is refused with byte and line where it is not UTF-8', async () => {
    const content = Buffer.concat([Buffer.from('name,b\nJos'), Buffer.of(0xe9), Buffer.from(',2\n')]);
    await expect(read(content)).rejects.toMatchObject({
      code: 'E_DATA_ENCODING',
      message: 'the file is not UTF-8: 0xE9 at line 2, byte 10 of the file begins no character',
      hints: [expect.stringContaining('iconv -f WINDOWS-1252'), expect.any(String)],
    });
    const late = Buffer.concat([Buffer.from('a,b\n'.repeat(40_000)), Buffer.of(0xff), Buffer.from('\n')]);
    await expect(read(late)).rejects.toMatchObject({
      message: expect.stringContaining('line 40001, byte 160000'),
    });
    await expect(read(Buffer.concat([Buffer.from('a,b\n1,'), Buffer.of(0xe2, 0x82)]))).rejects.toMatchObject({
      message: expect.stringContaining('0xE2 at line 2'),
    });
  });

  it.each([
    ['little-endian, with a mark', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le')],
    ['without a mark', Buffer.from('a,b\n1,2\n', 'utf16le')],
  ])('is refused where it is UTF-16, %s', async (_, content) => {
    await expect(read(content, { delimiter: ',' })).rejects.toMatchObject({
      code: 'E_DATA_ENCODING',
      hints: [expect.stringContaining('iconv -f UTF-16'), expect.any(String)],
    });
  });

  it('is missed with words', async () => {
    await expect(
      readDelimited(join(folder, 'nowhere.csv'), { delimiter: ',' }, () => undefined),
    ).rejects.toMatchObject({ name: 'HeldoutError', place: join(folder, 'nowhere.csv') });
  });
});
