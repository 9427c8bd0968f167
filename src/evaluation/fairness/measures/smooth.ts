import { cellsPerGroup } from '../counts.js';
import type { Interval } from '../intervals.js';
import { criticalValue } from '../normal-quantile.js';
import { createRates, fillRates, type RateName, type Rates } from '../rates.js';
import type { Measure } from './measure.js';

/** Change of a count, as a share of its group: central differences then err by about its square. */
const step = 1e-4;

/**
 * A function of the counts that is smooth where its value is not extreme, with the delta method: the counts of each group
 * are multinomial, given its size. On the scale of logarithms the interval keeps positive.
 */
export function smooth(
  uses: readonly RateName[],
  compute: (rates: Rates) => number,
  scale: 'identity' | 'logarithm' = 'identity',
): Measure {
  return {
    compute,
    bounds(rates, level) {
      const value = compute(rates);
      const deviation = Math.sqrt(varianceOf(rates, compute));
      if (!(Number.isFinite(value) && deviation > 0 && Number.isFinite(deviation))) return undefined;
      return spread(value, criticalValue(level) * deviation, scale);
    },
    method: scale === 'identity' ? 'delta method' : 'delta method on the logarithm',
    uses,
  };
}

function spread(value: number, half: number, scale: 'identity' | 'logarithm'): Interval | undefined {
  if (scale === 'identity') return { low: value - half, high: value + half };
  if (!(value > 0)) return undefined;
  const factor = Math.exp(half / value);
  return { low: value / factor, high: value * factor };
}

/** Variance of a function of the groups' cells, to first order; derivatives are differences. */
function varianceOf({ groups, cells }: Rates, compute: (rates: Rates) => number): number {
  const moved = cells.slice(0, groups * cellsPerGroup);
  const scratch = createRates(groups);
  const at = (cell: number, count: number): number => {
    const kept = moved[cell]!;
    moved[cell] = count;
    fillRates(scratch, moved);
    moved[cell] = kept;
    return compute(scratch);
  };
  let variance = 0;
  for (let group = 0; group < groups; group++) {
    const own = [0, 1, 2, 3].map((cell) => group * cellsPerGroup + cell);
    const size = own.reduce((sum, cell) => sum + moved[cell]!, 0);
    const width = step * size;
    let mean = 0;
    let square = 0;
    for (const cell of own) {
      const count = moved[cell]!;
      // A cell without people has no share in the variance.
      if (count === 0) continue;
      const slope = (at(cell, count + width) - at(cell, count - width)) / (2 * width);
      mean += (count / size) * slope;
      square += (count / size) * slope * slope;
    }
    variance += size * (square - mean * mean);
  }
  return variance;
}
