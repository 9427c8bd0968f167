import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { IdxSource } from '../idx/sources.js';
import { makeIdx } from './idx-bytes.js';

/** Which label and which byte the image of a generated example has. */
export const labelOf = (example: number, classes: number): number => (example * 3) % classes;
export const pixelOf = (pair: number, example: number, at: number): number =>
  (31 * pair + 7 * example + at) % 256;

/** Writes the files of a source with `count` examples a pair, of `channels` channels; every second pair unzipped. */
export function writeIdxSource(dataFolder: string, source: IdxSource, count: number, channels: 1 | 3): void {
  const { side, classes, folders, pairs } = source;
  const folder = join(dataFolder, folders[0]!);
  mkdirSync(folder, { recursive: true });
  for (const [at, { images, labels }] of pairs.entries()) {
    const size = side * side * channels;
    const shape = channels === 1 ? [count, side, side] : [count, side, side, 3];
    const pixels = Uint8Array.from({ length: count * size }, (_, i) =>
      pixelOf(at, Math.floor(i / size), i % size),
    );
    const marks = Uint8Array.from({ length: count }, (_, example) => labelOf(example, classes.length));
    for (const [name, bytes] of [
      [images, makeIdx(shape, pixels)],
      [labels, makeIdx([count], marks)],
    ] as const) {
      if (at % 2 === 0) writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes));
      else writeFileSync(join(folder, name), bytes);
    }
  }
}
