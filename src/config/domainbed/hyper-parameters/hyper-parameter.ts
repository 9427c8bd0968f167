import { float, PythonFloat } from '../../../core/python/value.js';
import { exactPower } from '../../../random/exact-power.js';
import { NumpyRandom } from '../../../random/numpy-random.js';
import { seedHash } from '../../../random/seed-hash.js';

/** A value with Python's distinction of 1.0 and 1, which is seen in records. */
export type Value = boolean | string | number | PythonFloat;

/** How a random search draws. `whole`: cut to an int, as Python's `int()` does. */
export type Draw =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'choice'; readonly of: readonly Value[] }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number; readonly whole: boolean }
  | {
      readonly kind: 'power';
      readonly base: 2 | 10;
      readonly low: number;
      readonly high: number;
      readonly whole: boolean;
    };

/** What a value may be at all: the interval of a number, else the values that there are. */
export type Range =
  | { readonly low: number; readonly high: number; readonly whole: boolean }
  | { readonly of: readonly (boolean | string)[] };

export interface HyperParameter {
  readonly name: string;
  readonly initial: Value;
  readonly draw: Draw;
  readonly range: Range;
}

/** One line of the registry: name, default, how it is drawn, what it may be. */
export const line = (name: string, initial: Value, draw: Draw, range: Range): HyperParameter => ({
  ...{ name, initial, draw, range },
});
export const always = (value: Value): Draw => ({ kind: 'constant', value });
export const choice = (...of: readonly Value[]): Draw => ({ kind: 'choice', of });
export const floats = (...of: readonly number[]): Draw => choice(...of.map(float));
export const uniform = (low: number, high: number): Draw => ({ kind: 'uniform', low, high, whole: false });
export const power = (base: 2 | 10, low: number, high: number): Draw => ({
  ...{ kind: 'power', base, low, high, whole: false },
});
/** The same, cut to an int. */
export function whole(draw: Draw): Draw {
  return draw.kind === 'uniform' || draw.kind === 'power' ? { ...draw, whole: true } : draw;
}

const infinite = Number.POSITIVE_INFINITY;
export const notNegative: Range = { low: 0, high: infinite, whole: false };
export const share: Range = { low: 0, high: 1, whole: false };
/** A number of steps, which may be 0. */
export const steps: Range = { low: 0, high: infinite, whole: true };
/** A number of things, of which there must be one. */
export const count: Range = { low: 1, high: infinite, whole: true };
export const flag: Range = { of: [false, true] };

/**
 * What random search draws for a seed: every hyper-parameter from a generator of its own, seeded by the seed and
 * the name, so that the order does not matter (domainbed/hparams_registry.py).
 */
export function drawValue({ name, draw }: HyperParameter, seed: number): Value {
  const random = new NumpyRandom(seedHash(seed, name));
  switch (draw.kind) {
    case 'constant':
      return draw.value;
    case 'choice':
      return random.choice(draw.of);
    case 'uniform':
      return finish(random.uniform(draw.low, draw.high), draw.whole);
    case 'power':
      return finish(exactPower(draw.base, random.uniform(draw.low, draw.high)), draw.whole);
  }
}

function finish(value: number, cut: boolean): Value {
  return cut ? Math.trunc(value) : float(value);
}

/** Whether records have it as a float: where a default is an int and draws are not, draws decide. */
export function isFloat({ initial, draw }: HyperParameter): boolean {
  if (initial instanceof PythonFloat) return true;
  if (draw.kind === 'constant') return draw.value instanceof PythonFloat;
  if (draw.kind === 'choice') return draw.of.some((value) => value instanceof PythonFloat);
  return !draw.whole;
}
