import { readFileSync } from 'node:fs';
import type { Attacked, AttackLoss } from '../attacked.js';

interface Reference {
  readonly weights: Readonly<Record<'w1' | 'b1' | 'w2', readonly number[]>>;
  readonly images: readonly number[];
  readonly labels: readonly number[];
  readonly runs: readonly {
    readonly norm: 'linf' | 'l2';
    readonly radius: number;
    readonly loss: AttackLoss;
    readonly steps: number;
    readonly start: readonly number[];
    readonly found: Readonly<Record<'loss' | 'lengths' | 'images', readonly number[]>>;
  }[];
  readonly ratio: Readonly<Record<'logits' | 'classes' | 'loss' | 'gradient', readonly number[]>>;
  readonly checkpoints: Readonly<Record<string, readonly number[]>>;
}

/** Numbers of scripts/golden/attacks.py. */
export const reference = JSON.parse(
  readFileSync(new URL('./reference.json', import.meta.url), 'utf8'),
) as Reference;

const [size, hidden, classes] = [36, 12, 5];

/** The network tanh(x w1 + b1) w2 of the reference, in double precision. */
export function openReference(): { readonly attacked: Attacked; readonly clean: Float32Array } {
  const { weights, images, labels } = reference;
  const { w1, b1, w2 } = weights;
  const forward = (image: ArrayLike<number>) => {
    const units = b1.map((bias, unit) => {
      let sum = bias;
      for (let at = 0; at < size; at++) sum += image[at]! * w1[at * hidden + unit]!;
      return Math.tanh(sum);
    });
    const logits = Array.from({ length: classes }, (_, to) =>
      units.reduce((sum, value, unit) => sum + value * w2[unit * classes + to]!, 0),
    );
    return { units, logits };
  };
  const attacked: Attacked = {
    count: labels.length,
    shape: [6, 6, 1],
    classes,
    async answer(all, rows, out) {
      for (const row of rows) {
        const { logits } = forward(all.subarray(row * size, (row + 1) * size));
        const own = logits[labels[row]!]!;
        out.margin[row] = own - Math.max(...logits.filter((_, at) => at !== labels[row]));
        out.right[row] = out.margin[row]! > 0 ? 1 : 0;
      }
    },
    async climb(loss, all, rows, out) {
      await attacked.answer(all, rows, out);
      for (const row of rows) {
        const { units, logits } = forward(all.subarray(row * size, (row + 1) * size));
        const { value, slope } = { ce, dlr }[loss](logits, labels[row]!);
        out.loss[row] = value;
        const back = units.map(
          (unit, from) =>
            (1 - unit ** 2) * slope.reduce((sum, one, to) => sum + one * w2[from * classes + to]!, 0),
        );
        for (let at = 0; at < size; at++) {
          out.gradient[row * size + at] = back.reduce(
            (sum, one, unit) => sum + one * w1[at * hidden + unit]!,
            0,
          );
        }
      }
    },
  };
  return { attacked, clean: Float32Array.from(images) };
}

interface LossAndSlope {
  readonly value: number;
  readonly slope: readonly number[];
}

function ce(logits: readonly number[], truth: number): LossAndSlope {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const slope = logits.map((logit, at) => Math.exp(logit) / total - (at === truth ? 1 : 0));
  return { value: Math.log(total) - logits[truth]!, slope };
}

function dlr(logits: readonly number[], truth: number): LossAndSlope {
  const order = logits.map((_, at) => at).sort((a, b) => logits[b]! - logits[a]!);
  const other = order.find((at) => at !== truth)!;
  const [first, , third] = order as [number, number, number];
  const above = logits[truth]! - logits[other]!;
  const below = logits[first]! - logits[third]!;
  const slope = logits.map(() => 0);
  slope[truth]! -= 1 / below;
  slope[other]! += 1 / below;
  slope[first]! += above / below ** 2;
  slope[third]! -= above / below ** 2;
  return { value: -above / below, slope };
}
