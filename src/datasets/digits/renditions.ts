import { rotate } from '../../augment/affine.js';
import { createFastStream, openKeys } from '../../random/fast-stream.js';

/** Which digits a domain shows. */
export const domainSources = {
  mnist: 'mnist',
  usps: 'usps',
  mnist_m: 'mnist',
  inverted: 'mnist',
  coloured: 'mnist',
  rotated: 'mnist',
} as const;

export type DigitDomain = keyof typeof domainSources;

/** Domains whose images have colours. */
export const colouredDomains: ReadonlySet<DigitDomain> = new Set(['mnist_m', 'coloured']);

/** Square photographs, `[photographs, side, side, 3]`, those of the training file first. */
export interface Photographs {
  readonly data: Uint8Array;
  readonly side: number;
  readonly counts: readonly number[];
}

/** Writes an image of a digit to `out`, `[side, side, 3]` or `[side, side]` where the domain has no colours. */
export type Render = (digit: Uint8Array, image: number, out: Uint8Array) => void;

/** Side of an image, the number of those of the training file, and what else domains need. */
export interface RenderOptions {
  readonly side: number;
  readonly trainCount: number;
  readonly photographs: Photographs | undefined;
  readonly angle: number;
  readonly seed: number;
}

/**
 * The law of a domain. Every draw belongs to the index of the image in its files, so that it is the same whatever else
 * is drawn.
 */
export function createRender(domain: DigitDomain, options: RenderOptions): Render {
  switch (domain) {
    case 'mnist':
    case 'usps':
      return (digit, _, out) => out.set(digit);
    case 'inverted':
      return (digit, _, out) => {
        for (let at = 0; at < digit.length; at++) out[at] = 255 - digit[at]!;
      };
    case 'rotated': {
      const { side, angle } = options;
      return (digit, _, out) => {
        out.set(rotate({ width: side, height: side, channels: 1, data: digit }, angle, 'bilinear', 0).data);
      };
    }
    case 'coloured':
      return createTint(options);
    case 'mnist_m':
      return createBlend(options);
  }
}

/** The digit in one colour: any hue, a saturation of at least a half, full brightness. */
function createTint({ seed }: RenderOptions): Render {
  const source = createFastStream(openKeys(seed, 'digits_domains', 'coloured'));
  const tint = [0, 0, 0];
  return (digit, image, out) => {
    source.place(image, 0);
    const hue = source.uniform(0, 6);
    const saturation = source.uniform(0.5, 1);
    for (let channel = 0; channel < 3; channel++) {
      // How far the hue is from red, green or blue on a circle of 6: full within 1, none beyond 2.
      const apart = Math.abs(((hue - 2 * channel + 9) % 6) - 3);
      tint[channel] = 1 - saturation * Math.min(1, Math.max(0, apart - 1));
    }
    for (let at = 0; at < digit.length; at++) {
      for (let channel = 0; channel < 3; channel++) out[3 * at + channel] = digit[at]! * tint[channel]! + 0.5;
    }
  };
}

/** A digit blended with a patch of a photograph as MNIST-M is (Ganin & Lempitsky 2015): |photograph − digit|. */
function createBlend({ side, trainCount, photographs, seed }: RenderOptions): Render {
  if (photographs === undefined) throw new RangeError('mnist_m needs photographs');
  const { data, side: width, counts } = photographs;
  const [trained = 0, tested = 0] = counts;
  const source = createFastStream(openKeys(seed, 'digits_domains', 'mnist_m'));
  return (digit, image, out) => {
    source.place(image, 0);
    const draw = (count: number) => Math.floor(source.uniform(0, count));
    const photograph = image < trainCount ? draw(trained) : trained + draw(tested);
    const [top, left] = [draw(width - side + 1), draw(width - side + 1)];
    for (let row = 0; row < side; row++) {
      const from = ((photograph * width + top + row) * width + left) * 3;
      for (let at = 0; at < 3 * side; at++) {
        out[row * side * 3 + at] = Math.abs(data[from + at]! - digit[row * side + Math.floor(at / 3)]!);
      }
    }
  };
}
