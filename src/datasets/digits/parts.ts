import { countUp, shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import type { WholeLabels } from '../idx/whole-source.js';

export const partNames = ['train', 'validation', 'test'] as const;
export type PartName = (typeof partNames)[number];

/** At most so many examples of a part. */
export type Limits = Readonly<Partial<Record<PartName, number | null | undefined>>>;

/** Images of a source by part: indices over its files, training images first. */
export type Parts = Readonly<Record<PartName, Uint32Array>>;

/**
 * Cuts a source once, for everything that is derived from it: the test is its test file, in order; of its training file,
 * shuffled, a share is for validation. Fewer of a part are the first of more.
 */
export function cutByIndex(
  { counts }: WholeLabels,
  name: string,
  {
    validation,
    limits,
    seed,
  }: { readonly validation: number; readonly limits: Limits; readonly seed: number },
): Parts {
  const [trainCount = 0, testCount = 0] = counts;
  const order = shuffle(stream(seed, 'digits_domains', 'parts', name), countUp(trainCount));
  const held = Math.round(validation * trainCount);
  const whole: Parts = {
    train: order.subarray(held),
    validation: order.subarray(0, held),
    test: countUp(trainCount + testCount).subarray(trainCount),
  };
  const limit = (part: PartName) => whole[part].subarray(0, limits[part] ?? whole[part].length);
  return { train: limit('train'), validation: limit('validation'), test: limit('test') };
}
