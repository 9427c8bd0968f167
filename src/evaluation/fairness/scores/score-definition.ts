import type { Description } from '../definitions/definition.js';
import type { Interval } from '../intervals.js';
import type { ScoredPair } from './group-scores.js';

/** A number that follows from the scores of two groups; compare `Measure`, which follows from counts. */
export interface ScoreMeasure {
  /** NaN, or infinite, where the number does not exist. */
  compute(pair: ScoredPair): number;
  /** The analytic interval of coverage `level`, where everyone counts once; undefined where there is none. */
  bounds(pair: ScoredPair, level: number): Interval | undefined;
  readonly method: string;
}

export interface ScoreDefinition extends Description, ScoreMeasure {}
