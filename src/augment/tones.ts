import { emptyLike, type Raster } from './raster.js';

/** Every byte by a table; of several tables one per channel. */
function look(image: Raster, tables: readonly Uint8Array[]): Raster {
  const out = emptyLike(image);
  const { data, channels } = image;
  for (let at = 0; at < data.length; at++) out.data[at] = tables[at % channels]![data[at]!]!;
  return out;
}

/** The same table for all channels. */
function lookAll(image: Raster, tone: (byte: number) => number): Raster {
  const table = Uint8Array.from({ length: 256 }, (_, byte) => tone(byte));
  return look(image, Array(image.channels).fill(table));
}

export const invert = (image: Raster): Raster => lookAll(image, (byte) => 255 - byte);

/** Inverts bytes that are no smaller than the threshold. */
export const solarize = (image: Raster, threshold: number): Raster =>
  lookAll(image, (byte) => (byte < threshold ? byte : 255 - byte));

/** Makes dark bytes, those below 128, lighter. */
export const solarizeAdd = (image: Raster, added: number): Raster =>
  lookAll(image, (byte) => (byte < 128 ? Math.min(255, byte + added) : byte));

/** Keeps the first bits of every byte, 0 to 8 of them. */
export const posterize = (image: Raster, bits: number): Raster =>
  lookAll(image, (byte) => byte & ~(2 ** (8 - bits) - 1));

/** Stretches every channel from black to white. */
export function autoContrast(image: Raster): Raster {
  return look(
    image,
    countBytes(image).map((counts) => {
      const low = counts.findIndex((count) => count > 0);
      const high = counts.findLastIndex((count) => count > 0);
      if (high <= low) return identity;
      const scale = 255 / (high - low);
      return makeTable((byte) => Math.trunc(byte * scale + -low * scale));
    }),
  );
}

/** Makes all bytes of a channel as frequent as can be. */
export function equalize(image: Raster): Raster {
  return look(
    image,
    countBytes(image).map((counts) => {
      const most = counts.findLast((count) => count > 0)!;
      const total = counts.reduce((sum, count) => sum + count, 0);
      const step = Math.floor((total - most) / 255);
      if (counts.filter((count) => count > 0).length <= 1 || step === 0) return identity;
      let before = Math.floor(step / 2);
      return makeTable((byte) => {
        const tone = Math.floor(before / step);
        before += counts[byte]!;
        return tone;
      });
    }),
  );
}

const identity = Uint8Array.from({ length: 256 }, (_, byte) => byte);

function makeTable(tone: (byte: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Math.min(255, Math.max(0, tone(byte))));
}

/** How often each byte occurs, by channel. */
function countBytes({ data, channels }: Raster): readonly Uint32Array[] {
  const counts = Array.from({ length: channels }, () => new Uint32Array(256));
  for (let at = 0; at < data.length; at++) counts[at % channels]![data[at]!]!++;
  return counts;
}
