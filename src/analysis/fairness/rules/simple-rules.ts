import type { Criterion } from '../criteria.js';
import { listGroups, type People } from '../people.js';
import { type SearchOptions, searchCuts, searchHeads } from '../search/search.js';
import { type FrontPoint, type SlackChoice, slackChoice } from '../search/slack-choice.js';
import { type Thresholds, toThresholds } from './thresholds.js';

/** The more frequent label, given to everybody: what any rule must be compared with. Equal frequencies give 0. */
export function constantDecision({ sizes, groups, count }: People): { label: 0 | 1; accuracy: number } {
  let positive = 0;
  for (const group of listGroups(groups)) positive += sizes[2 * group + 1]!;
  return { label: 2 * positive > count ? 1 : 0, accuracy: Math.max(positive, count - positive) / count };
}

/** The best single threshold on f for everybody within each slack: exact, and blind to groups. */
export function searchOneThreshold(
  f: Float64Array,
  people: People,
  slacks: readonly number[],
  criterion: Criterion = 'demographic_parity',
): SlackChoice[] {
  const front: FrontPoint[] = searchCuts({ f, g: new Float64Array(f.length) }, people, 0, { criterion });
  return slacks.map((slack) => slackChoice(front, slack));
}

/** Thresholds per predicted group, chosen by what happens to the true groups. */
export interface PredictedGroupThresholds {
  readonly choice: SlackChoice;
  /** Of those predicted to be in group 0 and in group 1; undefined where the slack is not met. */
  readonly thresholds: Thresholds | undefined;
}

/**
 * Thresholds per *predicted* group whose gaps are measured on the *true* groups, as OxonFair does: deciding needs nobody's
 * group, and a prediction that is often wrong costs accuracy but not parity. Thresholds tuned for true groups and fed
 * with predicted ones keep most of their gap. The sum of f and the prediction itself, so searched as two heads are.
 *
 * @param predicted group that each person is predicted to be in, 0 or 1: for a group head trained by squared error
 * g > 1/2, for a logit g > 0.
 */
export function searchPredictedThresholds(
  f: Float64Array,
  predicted: Uint8Array,
  people: People,
  options: SearchOptions = {},
): PredictedGroupThresholds[] {
  const { choices } = searchHeads({ f, g: Float64Array.from(predicted) }, people, options);
  return choices.map((choice) => ({
    choice,
    thresholds: choice.met ? toThresholds(choice.point, [0, 1]) : undefined,
  }));
}
