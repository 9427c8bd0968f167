import type { NumberValue, RangeSweep } from './value.js';

const MOST_VALUES = 100_000;

/**
 * The values of a range, stop excluded. Floats are counted in decimal arithmetic on scaled integers, so
 * that `range(0,10,3.3)` is 0.0, 3.3, 6.6, 9.9. Throws `RangeError` for a zero step or too many values.
 */
export function rangeValues({
  start,
  stop,
  step,
}: Pick<RangeSweep, 'start' | 'stop' | 'step'>): NumberValue[] {
  const parts = [start, stop, step];
  if (parts.some((part) => !Number.isFinite(part.value)))
    throw new RangeError('a range needs finite numbers');
  if (step.value === 0) throw new RangeError('the step of a range cannot be 0');
  const type = parts.every((part) => part.type === 'integer') ? 'integer' : 'float';
  const places = Math.max(...parts.map((part) => decimalPlaces(part.value)));
  const [from, to, by] = parts.map((part) => scale(part.value, places)) as [bigint, bigint, bigint];
  const values: NumberValue[] = [];
  for (let value = from; by > 0n ? value < to : value > to; value += by) {
    if (values.length === MOST_VALUES) throw new RangeError(`a range has at most ${MOST_VALUES} values`);
    values.push({ type, value: Number(`${value}e-${places}`) });
  }
  return values;
}

function splitExponent(value: number): readonly [digits: string, exponent: number] {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  return [mantissa, Number(exponent)];
}

function decimalPlaces(value: number): number {
  const [mantissa, exponent] = splitExponent(value);
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - exponent);
}

function scale(value: number, places: number): bigint {
  const [mantissa, exponent] = splitExponent(value);
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction + '0'.repeat(places + exponent - fraction.length));
}
