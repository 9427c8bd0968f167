import type { FastStream } from '../../random/fast-stream.js';
import type { Ball } from './ball.js';

/** What an attack climbs: cross-entropy, or the difference of logits ratio. */
export type AttackLoss = 'ce' | 'dlr';

/** What a network says of images, by row. */
export interface Answers {
  /** 1 where the true class has the largest logit. */
  readonly right: Uint8Array;
  /** Logit of the true class less the largest other one. */
  readonly margin: Float64Array;
}

/** The same, with the loss and its gradient in the image, `[rows, numbers of an image]`. */
export interface Slope extends Answers {
  readonly loss: Float64Array;
  readonly gradient: Float32Array;
}

/** A network with labelled examples, as an attack sees it. Images have numbers in [0, 1], row-major, one after the other. */
export interface Attacked {
  readonly count: number;
  /** Height, width, channels. */
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly classes: number;
  /** Fills what `images` of some rows come to; the others stay as they are. */
  answer(images: Float32Array, rows: Uint32Array, out: Answers): Promise<void>;
  climb(loss: AttackLoss, images: Float32Array, rows: Uint32Array, out: Slope): Promise<void>;
}

/** One attempt of an attack. */
export interface Attempt {
  readonly attacked: Attacked;
  /** The images as they are. */
  readonly clean: Float32Array;
  /** The examples that are attacked. */
  readonly rows: Uint32Array;
  readonly ball: Ball;
  /** Steps of a gradient, or queries. */
  readonly steps: number;
  /** Leave an example as soon as its answer is wrong; else go on, for the highest loss. */
  readonly untilFooled: boolean;
  /** Random numbers of an example, from the beginning, at a step of the attempt: the same whoever else is attacked. */
  draw(row: number, step: number): FastStream;
}

/** What an attempt found, by row: only that of the rows that were attacked means anything. */
export interface Found {
  /** Images that the network gets wrong where `fooled`; else those of the highest loss. */
  readonly images: Float32Array;
  readonly fooled: Uint8Array;
  /** The highest loss that was seen; of an attack that asks for no loss, the negative margin. */
  readonly loss: Float64Array;
}

export function sizeOfImage({ shape: [height, width, channels] }: Attacked): number {
  return height * width * channels;
}

export function createSlope(attacked: Attacked): Slope {
  const { count } = attacked;
  return {
    right: new Uint8Array(count),
    margin: new Float64Array(count),
    loss: new Float64Array(count),
    gradient: new Float32Array(count * sizeOfImage(attacked)),
  };
}

/** Nothing found yet, beginning with these images. */
export function createFound(attacked: Attacked, images: Float32Array): Found {
  return {
    images: images.slice(),
    fooled: new Uint8Array(attacked.count),
    loss: new Float64Array(attacked.count).fill(Number.NEGATIVE_INFINITY),
  };
}

/**
 * Keeps what images of some rows came to: the first that is answered wrong, or else that of the highest loss. Returns the
 * rows that go on.
 */
export function keepFound(
  found: Found,
  { rows, untilFooled }: Pick<Attempt, 'rows' | 'untilFooled'>,
  images: Float32Array,
  { right, loss }: Pick<Slope, 'right' | 'loss'>,
): Uint32Array {
  const size = images.length / found.fooled.length;
  for (const row of rows) {
    const isWrong = right[row] === 0;
    const isHigher = loss[row]! > found.loss[row]!;
    const isBetter = isWrong === (found.fooled[row] === 1) ? isHigher : isWrong;
    if (isBetter) found.images.set(images.subarray(row * size, (row + 1) * size), row * size);
    if (isHigher) found.loss[row] = loss[row]!;
    if (isWrong) found.fooled[row] = 1;
  }
  return untilFooled ? rows.filter((row) => found.fooled[row] === 0) : rows;
}
