import type { Answers, Attacked } from './attacked.js';
import { sizeOfImage } from './attacked.js';
import { type Ball, distance } from './ball.js';

/** What float32 may add to a difference of numbers below 1, or to their length, in parts of it. */
const rounding = { linf: 1e-6, l2: 1e-5 } as const;

/** What is wrong with an image that is said to fool a network, in words, by row; nothing of those that hold. */
export type Refuted = ReadonlyMap<number, string>;

/**
 * Looks at images anew: whether each lies in the ball around the one that it was made of, has numbers in [0, 1], and is
 * answered wrong by the network's plain prediction.
 */
export async function verifyImages(
  attacked: Attacked,
  clean: Float32Array,
  images: Float32Array,
  rows: Uint32Array,
  ball: Ball,
): Promise<Refuted> {
  const size = sizeOfImage(attacked);
  const answers: Answers = {
    right: new Uint8Array(attacked.count),
    margin: new Float64Array(attacked.count),
  };
  await attacked.answer(images, rows, answers);
  const refuted = new Map<number, string>();
  for (const row of rows) {
    const [image, centre] = [images, clean].map((all) => all.subarray(row * size, (row + 1) * size)) as [
      Float32Array,
      Float32Array,
    ];
    const far = distance(ball, image, centre);
    if (!(far <= ball.radius * (1 + rounding.l2) + rounding.linf)) {
      refuted.set(row, `it is ${far} from its image, and the ball has a radius of ${ball.radius}`);
    } else if (!image.every((value) => value >= 0 && value <= 1)) {
      refuted.set(row, 'it has numbers outside of 0 to 1');
    } else if (answers.right[row] === 1) refuted.set(row, 'the network gets it right');
  }
  return refuted;
}
