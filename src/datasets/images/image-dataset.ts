import type { Target } from '../../variables/targets.js';
import type { VariableTable } from '../../variables/variable.js';
import type { Dataset } from '../dataset.js';

/** Square images as bytes, in memory or a file. */
export interface ImageStore {
  readonly side: number;
  /** Of an image as it is kept: 1 is grey, 3 are colours, 2 are what the dataset says. */
  readonly channels: 1 | 2 | 3;
  readonly inMemory: boolean;
  /** Writes the bytes of the given examples to `out`, one after the other. */
  read(examples: ArrayLike<number>, out: Uint8Array): void;
}

export interface ImageDatasetParts {
  readonly name: string;
  readonly table: VariableTable;
  readonly images: ImageStore;
  /** As a model gets them: as they are kept, or three equal channels of grey images. */
  readonly channels: 1 | 2 | 3;
  /** `class` unless given. */
  readonly targets?: readonly Target[];
  readonly fingerprint: string;
}

/** A dataset with one input, `image` `[side, side, channels]`, byte b of which is b / 255. */
export function makeImageDataset({
  name,
  table,
  images,
  channels,
  targets = [{ name: 'class', kind: 'categorical' }],
  fingerprint,
}: ImageDatasetParts): Dataset {
  const { side } = images;
  const bytesPerImage = side * side * images.channels;
  const repeats = channels / images.channels;
  const values = Float32Array.from({ length: 256 * repeats }, (_, at) => Math.floor(at / repeats) / 255);
  const size = side * side * channels;
  let bytes = new Uint8Array(0);
  const read = (examples: ArrayLike<number>, out: Uint8Array): void => {
    for (let i = 0; i < examples.length; i++) {
      const example = examples[i]!;
      if (!(example >= 0 && example < table.size)) {
        throw new RangeError(`no example ${example} among ${table.size}`);
      }
    }
    images.read(examples, out);
  };
  return {
    name,
    table,
    inputs: { image: [side, side, channels] },
    targets,
    fingerprint,
    fill(input, examples, out) {
      if (input !== 'image') throw new RangeError(`${name} has no input '${input}', only 'image'`);
      if (out.length < examples.length * size) {
        throw new RangeError(
          `${examples.length} images need ${examples.length * size} numbers, not ${out.length}`,
        );
      }
      const needed = examples.length * bytesPerImage;
      if (bytes.length < needed) bytes = new Uint8Array(needed);
      read(examples, bytes);
      if (repeats === 1) for (let at = 0; at < needed; at++) out[at] = values[bytes[at]!]!;
      else for (let at = 0; at < needed; at++) out.fill(values[3 * bytes[at]!]!, 3 * at, 3 * at + 3);
    },
    stored(input) {
      return input === 'image' ? { values, inMemory: images.inMemory, read } : undefined;
    },
  };
}

/** Images that lie in memory, one after the other. */
export function keepInMemory(data: Uint8Array, side: number, channels: 1 | 3): ImageStore {
  const size = side * side * channels;
  return {
    side,
    channels,
    inMemory: true,
    read(examples, out) {
      for (let i = 0; i < examples.length; i++) {
        const from = examples[i]! * size;
        out.set(data.subarray(from, from + size), i * size);
      }
    },
  };
}
