/** One number of the first `count` values; NaN where one of them is. */
export type Reduce = (values: Float64Array, count?: number) => number;

export const largestOf: Reduce = (values, count = values.length) => {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < count; at++) most = Math.max(most, values[at]!);
  return most;
};

export const smallestOf: Reduce = (values, count = values.length) => {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < count; at++) least = Math.min(least, values[at]!);
  return least;
};

export const sumOver: Reduce = (values, count = values.length) => {
  let sum = 0;
  for (let at = 0; at < count; at++) sum += values[at]!;
  return sum;
};

export const meanOf: Reduce = (values, count = values.length) => sumOver(values, count) / count;

/** Of the population: divided by the number of values. */
export const deviationOf: Reduce = (values, count = values.length) => {
  const centre = meanOf(values, count);
  let squares = 0;
  for (let at = 0; at < count; at++) squares += (values[at]! - centre) ** 2;
  return Math.sqrt(squares / count);
};

export const geometricMeanOf: Reduce = (values, count = values.length) => {
  let product = 1;
  for (let at = 0; at < count; at++) product *= values[at]!;
  return product ** (1 / count);
};

/** Logarithm of the mean of the exponentials. */
export const logMeanExpOf: Reduce = (values, count = values.length) => {
  const most = largestOf(values, count);
  let sum = 0;
  for (let at = 0; at < count; at++) sum += Math.exp(values[at]! - most);
  return most + Math.log(sum / count);
};
