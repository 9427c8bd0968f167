import { type Criterion, createGapMeasure } from '../criteria.js';
import { checkScores, type People } from '../people.js';
import { searchCoordinate } from './coordinate.js';
import {
  type Aim,
  type GroupHeadScores,
  type GroupPoint,
  standingOf,
  standsBetter,
  sumHeads,
} from './group-rules.js';
import { searchHeads } from './search.js';

/** What a search with k group heads found. */
export interface GroupSearch {
  readonly slack: number;
  /** Whether `point` keeps the slack; if not, it is the fairest rule that was met. */
  readonly met: boolean;
  readonly point: GroupPoint;
  /** Rounds over all heads. */
  readonly rounds: number;
}

/** What a unit of gap beyond the slack costs, as a share of all people; in the end nothing makes up for it. */
const prices = [0.25, 0.5, 1, 2, 4, 16, Number.POSITIVE_INFINITY];
const roundsPerPrice = 4;
const mostRounds = 60;

/**
 * Searches f − Σ t_k g_k + c > 0 for the most right decisions whose gap, largest minus smallest rate over the groups, is
 * at most `slack`. Coordinate descent: in turn each head's t_k is searched together with c as two heads are, then alone
 * over all values at which a decision changes. So no single t_k, nor c, can better the result; it need not be the best
 * of all. The price of a gap rises from round to round, since a descent under a hard limit stops at its first corner.
 *
 * @throws HeldoutError as `searchHeads`.
 */
export function searchGroupHeads(
  heads: GroupHeadScores,
  people: People,
  slack: number,
  options: { readonly criterion?: Criterion; readonly half?: number } = {},
): GroupSearch {
  const { criterion = 'demographic_parity', half = 15 } = options;
  checkScores('f', heads.f, people.count);
  for (const [k, head] of heads.g.entries()) checkScores(`g${k}`, head, people.count);
  if (!(slack >= 0)) throw new RangeError(`a slack is 0 or more, not ${slack}`);
  const measure = createGapMeasure(people, criterion);
  const strict: Aim = { slack, price: Number.POSITIVE_INFINITY };
  let point = standingOf(heads, people, measure, { t: heads.g.map(() => 0), c: 0 });
  let best = point;
  let rounds = 0;

  const consider = (rule: { t: readonly number[]; c: number } | undefined, aim: Aim): boolean => {
    if (rule === undefined) return false;
    const found = standingOf(heads, people, measure, rule);
    if (standsBetter(found, best, strict)) best = found;
    if (!standsBetter(found, point, aim)) return false;
    point = found;
    return true;
  };
  const improve = (k: number, aim: Aim): boolean => {
    const plane = planeOf(heads, point.t, k);
    const { front } = searchHeads(plane, people, { criterion, slacks: [slack], half, refinements: 1 });
    const joint = front.reduce((kept, next) => (standsBetter(next, kept, aim) ? next : kept));
    const moved = consider({ t: point.t.with(k, joint.b), c: joint.c }, aim);
    return consider(searchCoordinate(heads, people, measure, point, k, aim), aim) || moved;
  };

  for (const share of prices) {
    const aim = { slack, price: share * people.count };
    const last = share === Number.POSITIVE_INFINITY;
    if (last) point = best;
    for (let round = 0, moved = true; moved && round < (last ? mostRounds : roundsPerPrice); round++) {
      rounds += 1;
      moved = false;
      for (const k of heads.g.keys()) moved = improve(k, aim) || moved;
    }
  }
  return { slack, met: best.size <= slack, point: best, rounds };
}

/** The head k and all else, as two heads: f' + b g' with b = t_k and g' = −g_k. */
function planeOf(heads: GroupHeadScores, t: readonly number[], k: number) {
  return { f: sumHeads(heads, t, k), g: heads.g[k]!.map((g) => -g) };
}
