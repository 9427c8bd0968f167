import { createFastStream, type Keys, openKeys } from '../random/fast-stream.js';

/** What a transform draws. Every example of every step has draws of its own, whatever was drawn before. */
export interface Draws {
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** A whole number in 0 .. count - 1. */
  below(count: number): number;
  chance(probability: number): boolean;
  /** Of mean 0 and deviation 1. */
  normal(): number;
  /** Of the symmetric beta distribution of this concentration, above 0. */
  beta(concentration: number): number;
  /** Shares that add up to 1, of the symmetric Dirichlet distribution of this concentration, above 0. */
  dirichlet(concentration: number, count: number): number[];
}

export interface PlacedDraws extends Draws {
  /** Goes to the beginning of what belongs to two whole numbers below 2^32: a step and an example of its batch. */
  place(step: number, example: number): void;
}

/** The draws of a run's augmentation, a function of its seed. */
export function openDraws(seed: number): PlacedDraws {
  return drawFrom(openKeys(seed, 'augment'));
}

/** Draws that are found by these keys. */
export function drawFrom(keys: Keys): PlacedDraws {
  const source = createFastStream(keys);
  const uniform = source.uniform;
  const normal = (): number => {
    // Never zero, whose logarithm is infinite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(0, 1)));
    return radius * Math.cos(2 * Math.PI * uniform(0, 1));
  };
  /** Marsaglia and Tsang (2000); below 1 by the power of one more uniform number. */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform(0, 1)) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - uniform(0, 1)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return {
    place: source.place,
    uniform,
    normal,
    below: (count) => Math.floor(uniform(0, count)),
    chance: (probability) => uniform(0, 1) < probability,
    dirichlet(concentration, count) {
      const parts = Array.from({ length: count }, () => gamma(concentration));
      const whole = parts.reduce((sum, part) => sum + part, 0);
      // All vanish where the concentration is tiny: then it is one of them.
      const one = whole === 0 ? Math.floor(uniform(0, count)) : 0;
      return parts.map((part, at) => (whole === 0 ? Number(at === one) : part / whole));
    },
    beta(concentration) {
      const [a, b] = [gamma(concentration), gamma(concentration)];
      // Both vanish where the concentration is tiny: then it is one end or the other.
      return a + b === 0 ? Number(uniform(0, 1) < 0.5) : a / (a + b);
    },
  };
}
