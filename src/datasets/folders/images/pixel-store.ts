import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { type ImageStore, keepInMemory } from '../../images/image-dataset.js';
import { dataError } from '../../readers/data-error.js';
import type { SquareFit } from './decode.js';

/** Decoded images that take no more than this are read into memory; of others each is read when it is asked for. */
const memoryLimit = 512 * 2 ** 20;

/** The images of a file of decoded ones. */
export function openPixels(path: string, count: number, { side, channels }: SquareFit): ImageStore {
  return count * side * side * channels <= memoryLimit
    ? keepInMemory(readBytes(path), side, channels)
    : readOnDemand(path, side, channels);
}

function readBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(statSync(path).size);
  const descriptor = openSync(path, 'r');
  try {
    readFully(descriptor, path, bytes, 0);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

/** Keeps the file open as long as the process lives. */
function readOnDemand(path: string, side: number, channels: 1 | 3): ImageStore {
  const descriptor = openSync(path, 'r');
  const size = side * side * channels;
  return {
    side,
    channels,
    inMemory: false,
    read(examples, out) {
      for (let i = 0; i < examples.length; i++) {
        readFully(descriptor, path, out.subarray(i * size, (i + 1) * size), examples[i]! * size);
      }
    },
  };
}

function readFully(descriptor: number, path: string, out: Uint8Array, position: number): void {
  for (let done = 0; done < out.length; ) {
    const count = readSync(descriptor, out, done, out.length - done, position + done);
    if (count === 0) throw dataError(path, 'the cache of decoded images is cut off: remove it');
    done += count;
  }
}
