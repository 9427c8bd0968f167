import { fillNormal } from '../../random/draw.js';
import { drawFloat24, stream } from '../../random/stream.js';
import { makeColumns } from '../../variables/columns.js';
import type { Dataset } from '../dataset.js';

export interface PeopleOptions {
  readonly size?: number;
  /** Levels of `group`, 2 or more. */
  readonly groups?: number;
  readonly seed?: number;
}

/** Numbers as bytes, in steps of 1/32 from -4 on. */
const numbers = Float32Array.from({ length: 256 }, (_, byte) => byte / 32 - 4);
const width = 4;

/**
 * People of whom `hired` is asked and `group` is protected. Of their four features the first tells merit, which is higher
 * in later groups, the second how much a person looks like a later group; the others tell nothing. Group 0 has half of
 * them, the others share the rest.
 */
export function makePeople({ size = 300, groups = 2, seed = 0 }: PeopleOptions = {}): Dataset {
  const source = stream(seed, 'people');
  const [group, hired] = [new Uint16Array(size), new Uint16Array(size)];
  const features = new Uint8Array(size * width);
  const noise = new Float32Array(width);
  for (let person = 0; person < size; person++) {
    const own =
      drawFloat24(source) < 0.5
        ? 0
        : 1 + Math.min(groups - 2, Math.floor(drawFloat24(source) * (groups - 1)));
    const [merit, looks, ...others] = fillNormal(source, noise);
    const later = own / (groups - 1) - 0.5;
    const told = [merit! + later, looks! + 2 * later, ...others];
    told.forEach((value, at) => {
      features[person * width + at] = Math.max(0, Math.min(255, Math.round((value + 4) * 32)));
    });
    group[person] = own;
    hired[person] = drawFloat24(source) < 1 / (1 + Math.exp(-3 * told[0]!)) ? 1 : 0;
  }
  const read = (examples: ArrayLike<number>, out: Uint8Array) => {
    for (let i = 0; i < examples.length; i++) {
      out.set(features.subarray(examples[i]! * width, (examples[i]! + 1) * width), i * width);
    }
  };
  return {
    name: 'people',
    table: makeColumns(
      size,
      [
        { name: 'hired', kind: 'categorical', levels: ['no', 'yes'] },
        { name: 'group', kind: 'categorical', levels: Array.from({ length: groups }, (_, at) => `g${at}`) },
      ],
      { hired, group },
    ),
    inputs: { features: [width] },
    targets: [{ name: 'hired', kind: 'binary' }],
    protected: ['group'],
    environment: 'group',
    fingerprint: `people ${size} ${groups} ${seed}`,
    fill(_, examples, out) {
      const bytes = new Uint8Array(examples.length * width);
      read(examples, bytes);
      bytes.forEach((byte, at) => {
        out[at] = numbers[byte]!;
      });
    },
    stored: () => ({ values: numbers.slice(), inMemory: true, read }),
  };
}
