import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSafetensors } from './open-safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-weights-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of one array, `a`. */
function write(dtype: string, shape: readonly number[], data: Uint8Array, bytes = data.length): string {
  const header = Buffer.from(JSON.stringify({ a: { dtype, shape, data_offsets: [0, bytes] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return writeBytes(Buffer.concat([length, header, data]));
}

function writeBytes(bytes: Uint8Array): string {
  const path = join(folder, 'file.safetensors');
  writeFileSync(path, bytes);
  return path;
}

const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer);
const read = (path: string) => openSafetensors(path, 'model.weights').read('a');

describe('a file that others have written', () => {
  it.each([
    ['F32', Float32Array.of(1.5, -2)],
    ['F64', Float64Array.of(1.5, -2)],
    ['F16', Uint16Array.of(0x3e00, 0xc000)],
    ['BF16', Uint16Array.of(0x3fc0, 0xc000)],
  ])('has numbers of type %s', (dtype, data) => {
    const path = write(dtype, [2, 1], bytesOf(data));
    expect(openSafetensors(path, 'model.weights').shapes).toEqual({ a: [2, 1] });
    expect(read(path)).toEqual(Float32Array.of(1.5, -2));
  });

  it('may have a header as long as the first byte of a pickle says', () => {
    const header = JSON.stringify({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }).padEnd(0x80);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const path = writeBytes(Buffer.concat([length, Buffer.from(header), Buffer.from([0, 0, 192, 63])]));
    expect(read(path)).toEqual(Float32Array.of(1.5));
  });

  it('has all numbers of 16 bits: small ones, zeros, infinities and none', () => {
    const bits = Uint16Array.of(0x0001, 0x03ff, 0x0400, 0x7bff, 0x8000, 0x7c00, 0xfc00, 0x7e00);
    const values = [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, -0, Infinity, -Infinity, Number.NaN];
    expect(read(write('F16', [8], bytesOf(bits)))).toEqual(Float32Array.from(values));
  });

  it('is refused where it is cut off, or of other numbers, or of PyTorch', () => {
    const floats = bytesOf(Float32Array.of(1, 2));
    const refusal = (path: string) => {
      try {
        return read(path);
      } catch (error) {
        return error;
      }
    };
    const refused = (message: string) =>
      expect.objectContaining({ code: 'E_SAFETENSORS', message: expect.stringContaining(message) });
    expect(refusal(write('F32', [3], floats, 12))).toEqual(refused('the data of a is not where'));
    expect(refusal(write('F32', [3], floats))).toEqual(refused('the data of a is not where'));
    expect(refusal(write('I64', [1], floats))).toEqual(refused('numbers of type I64 of a are not read here'));
    expect(refusal(write('F4', [1], floats))).toEqual(refused('numbers of type F4'));
    expect(refusal(writeBytes(Buffer.from('abc')))).toEqual(refused('it has only 3 bytes'));
    expect(refusal(writeBytes(Buffer.from('PK\u0003\u0004 and so on')))).toMatchObject({
      message: expect.stringContaining('it is one of PyTorch'),
      hints: [expect.stringContaining('save_file')],
    });
  });
});
