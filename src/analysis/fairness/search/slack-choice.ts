import { HeldoutError } from '../../../core/errors.js';
import type { HeadRule } from '../decisions.js';
import type { CutTable } from './cut-table.js';

/** An undominated rule on the people it was fitted to. */
export interface FrontPoint extends HeadRule {
  readonly right: number;
  readonly accuracy: number;
  /** Gap by the criterion, at least 0. */
  readonly size: number;
}

/** The most accurate rule within a slack; where there is none, the fairest one. */
export type SlackChoice =
  | { readonly slack: number; readonly met: true; readonly point: FrontPoint }
  | { readonly slack: number; readonly met: false; readonly nearest: FrontPoint | undefined };

/** Points of a table of which no other is as accurate and as fair, from fairest to most accurate. */
export function listFront({ size, b, threshold }: CutTable): FrontPoint[] {
  const points: FrontPoint[] = [];
  const count = size.length - 1;
  let fairest = Number.POSITIVE_INFINITY;
  for (let right = count; right >= 0; right--) {
    if (!(size[right]! < fairest)) continue;
    fairest = size[right]!;
    const c = 0 - threshold[right]!;
    points.push({ b: b[right]!, c, right, accuracy: right / count, size: fairest });
  }
  return points.reverse();
}

/** Chooses on a front, which goes from fairest to most accurate. */
export function slackChoice(front: readonly FrontPoint[], slack: number): SlackChoice {
  const point = front.findLast(({ size }) => size <= slack);
  return point === undefined ? { slack, met: false, nearest: front[0] } : { slack, met: true, point };
}

/**
 * The rule of a choice.
 *
 * @throws HeldoutError `E_SLACK_UNREACHABLE` where nothing meets the slack; it names the fairest rule that was found.
 */
export function requireMet(choice: SlackChoice): FrontPoint {
  if (choice.met) return choice.point;
  const { slack, nearest } = choice;
  const found =
    nearest === undefined
      ? 'and there is no rule but to decide alike about everybody'
      : `the nearest has a gap of ${nearest.size.toPrecision(3)} at accuracy ${nearest.accuracy.toFixed(4)} (b = ${nearest.b.toPrecision(4)}, c = ${nearest.c.toPrecision(4)})`;
  throw new HeldoutError({
    code: 'E_SLACK_UNREACHABLE',
    message: `no rule has a gap of at most ${slack}; ${found}`,
    hints: [
      ...(nearest === undefined
        ? []
        : [`ask for a slack of ${Number(nearest.size.toPrecision(6)) + 1e-6} or more`]),
      'allow rules that decide alike about everybody',
    ],
    exitCode: 1,
  });
}
