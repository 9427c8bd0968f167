import { quantileOf } from '../../core/numbers/quantiles.js';
import { drawMultinomial } from '../../random/binomial.js';
import { drawBelow, type Stream } from '../../random/stream.js';
import { cellsPerGroup, type GroupCounts, sizeOf, takeGroups } from './counts.js';
import type { Interval } from './intervals.js';
import type { Measure } from './measures/measure.js';
import { createRates, fillRates } from './rates.js';
import type { ScoredPair } from './scores/group-scores.js';
import type { ScoreMeasure } from './scores/score-definition.js';

/** What came of the draws of one number. */
export interface Drawn {
  /** The percentile interval; undefined where too many draws lack the number. */
  readonly interval: Interval | undefined;
  /** Draws in which the number does not exist. */
  readonly lacking: number;
  readonly draws: number;
}

/** A larger share of draws without a value says that the rest are a chosen few. */
const mostLacking = 0.05;

/** Counts-based measures of some of the groups: of all of them, or of a pair. */
export interface View {
  readonly groups: readonly number[];
  readonly measures: readonly Measure[];
}

/**
 * Percentile intervals by resampling people within their groups, for every measure of every view. People of one cell are
 * alike to counts, so that a group's resampled counts are one multinomial draw over its four cells: the same distribution
 * as of drawing its people one by one, in a time that does not grow with them. All measures see the same draws.
 */
export function bootstrapCounts(
  counts: GroupCounts,
  views: readonly View[],
  { draws, level, source }: { readonly draws: number; readonly level: number; readonly source: Stream },
): readonly (readonly Drawn[])[] {
  const drawn = new Float64Array(counts.cells.length);
  const sizes = counts.groups.map((_, group) => sizeOf(counts, group));
  const opened = views.map(({ groups, measures }) => ({
    groups,
    measures,
    rates: createRates(groups.length),
    whole: groups.length === sizes.length,
    values: measures.map(() => new Float64Array(draws)),
  }));
  for (let draw = 0; draw < draws; draw++) {
    for (const [group, size] of sizes.entries()) {
      drawMultinomial(source, size, counts.cells, drawn, group * cellsPerGroup, cellsPerGroup);
    }
    for (const { groups, measures, rates, whole, values } of opened) {
      const cells = whole ? drawn : takeGroups({ groups: counts.groups, cells: drawn }, groups).cells;
      fillRates(rates, cells);
      for (let at = 0; at < measures.length; at++) values[at]![draw] = measures[at]!.compute(rates);
    }
  }
  return opened.map(({ values }) => values.map((own) => summarizeDraws(own, level)));
}

/** The same for measures of scores, by drawing the people of either group one by one. */
export function bootstrapScores(
  pair: ScoredPair,
  measures: readonly ScoreMeasure[],
  { draws, level, source }: { readonly draws: number; readonly level: number; readonly source: Stream },
): readonly Drawn[] {
  const [zero, one] = pair.groups.map((group) => ({
    ...group,
    weights: new Float64Array(group.scores.length),
  }));
  const resampled: ScoredPair = { groups: [zero!, one!], grid: pair.grid };
  const values = measures.map(() => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    for (const { weights } of resampled.groups) {
      weights.fill(0);
      for (let person = 0; person < weights.length; person++)
        weights[drawBelow(source, weights.length)]! += 1;
    }
    for (let at = 0; at < measures.length; at++) values[at]![draw] = measures[at]!.compute(resampled);
  }
  return values.map((own) => summarizeDraws(own, level));
}

/** The percentile interval of drawn values, those that do not exist left out; the values are sorted in place. */
function summarizeDraws(values: Float64Array, level: number): Drawn {
  const known = values.filter(Number.isFinite).sort();
  const lacking = values.length - known.length;
  const enough = known.length > 0 && lacking <= mostLacking * values.length;
  return {
    interval: enough
      ? { low: quantileOf(known, (1 - level) / 2), high: quantileOf(known, (1 + level) / 2) }
      : undefined,
    lacking,
    draws: values.length,
  };
}
