import type { NamedArrays } from '../../../src/engine/engine.js';
import { fillUniform } from '../../../src/random/draw.js';
import { stream } from '../../../src/random/stream.js';

const pixels = 28 * 28 * 2;
const drawn = 1000;
export const batchSize = 128;

/** As many images as a real set of coloured digits has, of its shapes, and of noise: what they cost, not what they show. */
export interface Digits {
  readonly images: number;
  /** `x` [128, 28, 28, 2] in 0 to 1, and `label` [128]; written over by the next call. */
  fill(examples: Uint32Array): NamedArrays;
}

/** Images as bytes in memory, as a loaded dataset has them. */
export function makeDigits(images: number): Digits {
  const noise = new Float32Array(drawn * pixels);
  fillUniform(stream(0, 'bench', 'digits'), noise, 0, 256);
  const first = Uint8Array.from(noise);
  const all = new Uint8Array(images * pixels);
  for (let at = 0; at < all.length; at += first.length) all.set(first.subarray(0, all.length - at), at);
  const x = new Float32Array(batchSize * pixels);
  const label = new Int32Array(batchSize);
  const batch: NamedArrays = {
    x: { shape: [batchSize, 28, 28, 2], data: x },
    label: { shape: [batchSize], data: label },
  };
  return {
    images,
    fill(examples) {
      for (const [row, example] of examples.entries()) {
        const from = example * pixels;
        const to = row * pixels;
        for (let pixel = 0; pixel < pixels; pixel++) x[to + pixel] = all[from + pixel]! / 255;
        label[row] = example % 2;
      }
      return batch;
    },
  };
}
