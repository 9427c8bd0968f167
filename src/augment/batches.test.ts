import { describe, expect, it } from 'vitest';
import { openDraws } from './draws.js';
import { type AugmentOptions, createAugmentation } from './index.js';
import { mix } from './mix.js';
import { makeImage } from './testing/images.js';

const none: AugmentOptions = {
  ...{ crop: null, rand_augment: null, colour_jitter: null, erase: null, mix: null },
  ...{ shift: 0, flip: 0, fill: 128 },
};
const everything: AugmentOptions = {
  crop: { scale: [0.08, 1], ratio: [0.75, 4 / 3], interpolation: 'random' },
  shift: 1,
  flip: 0.5,
  rand_augment: { layers: 2, magnitude: 9, deviation: 0.5, probability: 0.5, interpolation: 'random' },
  colour_jitter: 0.4,
  erase: { probability: 0.5, area: [0.02, 1 / 3], mode: 'pixel' },
  mix: null,
  fill: 128,
};
const shape = [8, 8, 3] as const;
const size = 192;
const makeBatch = (count: number) =>
  Float32Array.from(
    { length: count * size },
    (_, at) => makeImage(8, 8).data[(at + Math.floor(at / size)) % size]! / 255,
  );
const plain = () => {};
const applied = (options: AugmentOptions, { seed = 1, step = 0, count = 6 } = {}) => {
  const images = makeBatch(count);
  createAugmentation(options, shape, seed).apply(images, step, plain);
  return images;
};

describe('an augmentation', () => {
  it('changes nothing where nothing is asked for, but normalises', () => {
    expect(applied(none)).toEqual(makeBatch(6));
    const images = makeBatch(2);
    const share = createAugmentation(none, shape, 1).apply(images, 0, (image) => image.fill(image[0]! - 1));
    expect(share).toBe(1);
    expect(images[5]).toBe(Math.fround(makeBatch(2)[0]! - 1));
  });

  it('is a function of the seed, the step, the place in the batch and the image alone', () => {
    const batch = applied(everything, { step: 40 });
    expect(applied(everything, { step: 40 })).toEqual(batch);
    expect(applied(everything, { step: 41 })).not.toEqual(batch);
    expect(applied(everything, { step: 40, seed: 2 })).not.toEqual(batch);
    expect(applied(everything, { step: 40, count: 2 })).toEqual(batch.subarray(0, 2 * size));
    const one = createAugmentation(everything, shape, 1);
    one.apply(makeBatch(6), 7, plain);
    const later = makeBatch(6);
    one.apply(later, 40, plain);
    expect(later).toEqual(batch);
  });

  it('changes equal images otherwise in every place', () => {
    const images = new Float32Array(20 * size).fill(0.5);
    for (let at = 0; at < images.length; at++) images[at] = (at % size) / size;
    createAugmentation(everything, shape, 1).apply(images, 3, plain);
    const different = new Set(
      Array.from({ length: 20 }, (_, example) =>
        images.subarray(example * size, (example + 1) * size).join(),
      ),
    );
    expect(different.size).toBeGreaterThan(17);
  });

  it('leaves bytes: numbers are whole 255ths until they are normalised', () => {
    const { erase: _, ...rest } = everything;
    for (const number of applied({ ...rest, erase: null })) {
      expect(Math.abs(number * 255 - Math.round(number * 255))).toBeLessThan(1e-4);
    }
  });
});

describe('mixing', () => {
  const options = { mixup: 0.8, cutmix: 1, probability: 1, switch_probability: 0.5 };
  const batch = () => Float32Array.from({ length: 6 * size }, (_, at) => Math.floor(at / size));
  const mixed = (step: number, more: object) => {
    const draws = openDraws(1);
    draws.place(step, 0);
    const images = batch();
    return { images, share: mix(images, [6, ...shape], { ...options, ...more }, draws) };
  };
  const steps = Array.from({ length: 200 }, (_, step) => step);

  it('of Mixup takes shares that sum to 1, from the image at the other end', () => {
    for (const step of steps) {
      const { images, share } = mixed(step, { cutmix: 0 });
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
      for (let example = 0; example < 6; example++) {
        expect(images[example * size]).toBeCloseTo(example * share + (5 - example) * (1 - share), 5);
      }
    }
  });

  it('of CutMix exchanges one rectangle, whose area is the share', () => {
    for (const step of steps) {
      const { images, share } = mixed(step, { mixup: 0 });
      for (let example = 0; example < 6; example++) {
        const image = images.subarray(example * size, (example + 1) * size);
        const own = image.filter((value) => value === example).length;
        expect(own / size).toBeCloseTo(share, 6);
        expect(image.filter((value) => value === 5 - example).length).toBe(size - own);
      }
    }
  });

  it('loses nothing: pairs keep their sum', () => {
    for (const step of steps) {
      const { images } = mixed(step, {});
      for (let at = 0; at < 3 * size; at++) {
        const example = Math.floor(at / size);
        expect(images[at]! + images[(5 - example) * size + (at % size)]!).toBeCloseTo(5, 5);
      }
    }
  });

  it('is done as often as asked, by each as often as asked', () => {
    const kept = steps.filter((step) => mixed(step, { probability: 0.3 }).share === 1).length;
    expect(kept / 200).toBeGreaterThan(0.6);
    expect(kept / 200).toBeLessThan(0.8);
    expect(mixed(0, { probability: 0 }).images).toEqual(batch());
    const cuts = steps.filter((step) =>
      Number.isInteger(mixed(step, { switch_probability: 0.25 }).images[0]),
    );
    expect(cuts.length / 200).toBeGreaterThan(0.15);
    expect(cuts.length / 200).toBeLessThan(0.35);
  });
});

describe('draws', () => {
  const draws = openDraws(9);
  const sample = (draw: () => number) =>
    Array.from({ length: 20_000 }, (_, at) => {
      draws.place(5, at);
      return draw();
    });
  const moments = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length] as const;
  };
  it('are normal', () => {
    const [mean, variance] = moments(sample(draws.normal));
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });
  it.each([0.1, 0.8, 1, 3])('are of the beta distribution of concentration %d', (concentration) => {
    const values = sample(() => draws.beta(concentration));
    const [mean, variance] = moments(values);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(variance * 4 * (2 * concentration + 1) - 1)).toBeLessThan(0.05);
  });
  it('of whole numbers are below the count', () => {
    const values = sample(() => draws.below(5));
    for (let value = 0; value < 5; value++) {
      expect(Math.abs(values.filter((drawn) => drawn === value).length / 20_000 - 0.2)).toBeLessThan(0.02);
    }
  });
});
