import { shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';

/** A shuffled copy: depends on the seed, the key and the number of values alone. */
export function shuffleWith<Item>(seed: number, key: string, values: readonly Item[]): Item[] {
  return shuffle<Item, Item[]>(stream(seed, 'sweep', key), [...values]);
}
