import { divideByHeldValues } from './held-values.js';
import { levelRange, type SplitRule } from './rule.js';

/** Holds out levels between equally spaced training levels, which include both ends. */
export const splitByInterpolation: SplitRule = (table, config) =>
  divideByHeldValues(table, config, (levels, held) => {
    const seen = spaceEqually(levels - 1, levels - held);
    return levelRange(0, levels).filter((level) => !seen.includes(level));
  });

/** `numpy.round(numpy.linspace(0, last, count))`. */
function spaceEqually(last: number, count: number): readonly number[] {
  const step = last / (count - 1);
  return Array.from({ length: count }, (_, i) =>
    i > 0 && i === count - 1 ? last : roundHalfToEven(i === 0 ? 0 : i * step),
  );
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
