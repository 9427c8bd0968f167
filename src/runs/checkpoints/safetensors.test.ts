import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldoutError } from '../../core/errors.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

function header(json: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(json)));
  return Buffer.concat([length, Buffer.from(json), data]);
}

function bytesOf(array: ArrayBufferView | undefined): Buffer | undefined {
  return array && Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

describe('encodeSafetensors', () => {
  it('writes the length, the sorted header padded to 8 bytes, and the data', () => {
    const bytes = encodeSafetensors(
      {
        b: { shape: [2], data: Float32Array.of(1.5, -2) },
        a: { shape: [1, 1], data: Int32Array.of(7) },
      },
      { run: 'x' },
    );
    const json =
      '{"__metadata__":{"run":"x"},"a":{"data_offsets":[0,4],"dtype":"I32","shape":[1,1]},' +
      '"b":{"data_offsets":[4,12],"dtype":"F32","shape":[2]}}';
    const padded = json.padEnd(Math.ceil(json.length / 8) * 8, ' ');
    expect(bytes.readBigUInt64LE(0)).toBe(BigInt(padded.length));
    expect(bytes.toString('utf8', 8, 8 + padded.length)).toBe(padded);
    expect(bytes.subarray(8 + padded.length).toString('hex')).toBe('070000000000c03f000000c0');
  });

  it('refuses an array that its shape does not describe', () => {
    expect(() => encodeSafetensors({ a: { shape: [3], data: new Float32Array(2) } })).toThrow(RangeError);
  });
});

describe('decodeSafetensors', () => {
  it('reads what the reference implementation writes', () => {
    const json =
      '{"__metadata__":{"run":"x"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
      '"a":{"dtype":"I32","shape":[1,1],"data_offsets":[8,12]}}';
    const { arrays, metadata } = decodeSafetensors(
      header(json, Buffer.from('0000c03f000000c007000000', 'hex')),
      'x',
    );
    expect(arrays.b).toEqual({ shape: [2], data: Float32Array.of(1.5, -2) });
    expect(arrays.a).toEqual({ shape: [1, 1], data: Int32Array.of(7) });
    expect(metadata).toEqual({ run: 'x' });
  });

  it('gives back every bit, NaN payloads and negative zeros included', () => {
    const array = fc.uint8Array({ maxLength: 40 }).map((bytes) => {
      const data = new Float32Array(new Uint8Array(bytes.subarray(0, bytes.length & ~3)).buffer);
      return { shape: [data.length], data };
    });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z/0-9]{1,12}$/), array), (arrays) => {
        const back = decodeSafetensors(encodeSafetensors(arrays), 'x').arrays;
        expect(Object.keys(back).sort()).toEqual(Object.keys(arrays).sort());
        for (const [name, { data }] of Object.entries(arrays)) {
          expect(back[name]?.data).toBeInstanceOf(Float32Array);
          expect(bytesOf(back[name]?.data)).toEqual(bytesOf(data));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses every proper beginning of a file', () => {
    const bytes = encodeSafetensors({ a: { shape: [2, 2], data: new Float32Array(4) } });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length), 'x')).toThrow(HeldoutError);
    }
  });

  it.each([
    ['a header that is longer than the file', Buffer.from('ffffffffffffffff', 'hex')],
    ['a header that is not JSON', header('{"a":')],
    [
      'a type that is not kept',
      header('{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}', Buffer.alloc(8)),
    ],
    ['a gap', header('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', Buffer.alloc(8))],
    [
      'a shape of another size',
      header('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', Buffer.alloc(4)),
    ],
    ['bytes left over', header('{}', Buffer.alloc(4))],
    ['a negative size', header('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', Buffer.alloc(4))],
    ['metadata that is not texts', header('{"__metadata__":{"a":1}}')],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeSafetensors(bytes, 'weights.safetensors')).toThrow(HeldoutError);
  });
});
