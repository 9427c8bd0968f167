import { type Criterion, createGapMeasure } from '../criteria.js';
import { decide, type HeadScores, measureGaps } from '../decisions.js';
import { checkScores, type People } from '../people.js';
import { createCutTable, enterCuts, mostRight } from './cut-table.js';
import { createScoreSorter } from './score-order.js';
import { type FrontPoint, listFront, type SlackChoice, slackChoice } from './slack-choice.js';

/** How a search goes about it. */
export interface SearchOptions {
  /** Demographic parity unless given. */
  readonly criterion?: Criterion;
  /** Largest gaps to meet, each at least 0; infinite for none. Unless given, `spaceSlacks` of the unconstrained rule f > 0. */
  readonly slacks?: readonly number[];
  /** Values of b on either side of 0, 60 unless given. */
  readonly half?: number;
  /** How often the neighbourhood of what was chosen is searched ten times finer: twice unless given. */
  readonly refinements?: number;
  /** Whether deciding alike about everybody may be chosen; it may unless given. */
  readonly constants?: boolean;
}

/** What a search over f + b g + c > 0 found, on the people it was fitted to. */
export interface HeadSearch {
  readonly criterion: Criterion;
  /** Gap of the unconstrained rule f > 0, at least 0. */
  readonly unconstrained: number;
  /** One for each slack, in their order. */
  readonly choices: readonly SlackChoice[];
  /** All undominated rules of the search, from fairest to most accurate. Between the slacks b is on the first grid. */
  readonly front: readonly FrontPoint[];
  /** Values of b that were tried, each with all cuts. */
  readonly tried: number;
}

const finer = 10;

/**
 * Searches f + b g + c > 0 for the most right decisions among rules whose gap is at most a slack. For each b, the best c
 * is exact: all cuts between people of different score, in O(n log n). Values of b lie at equal distances over
 * ±max|f| standard deviations of g, then ten times finer around what was chosen for each slack. Nothing found is ever
 * lost, so a refinement never ends lower; between equals the smaller |b| stays, on the side that works against the gap
 * of f > 0.
 *
 * Fitted on validation and reported elsewhere: the gap on other people is not bounded by the slack.
 *
 * @throws HeldoutError `E_SCORE_NOT_FINITE`, or as `createGapMeasure`.
 */
export function searchHeads(heads: HeadScores, people: People, options: SearchOptions = {}): HeadSearch {
  const { criterion = 'demographic_parity', half = 60, refinements = 2, constants = true } = options;
  checkScores('f', heads.f, people.count);
  checkScores('g', heads.g, people.count);
  const measure = createGapMeasure(people, criterion);
  const start = measureGaps(people, decide(heads, { b: 0, c: 0 }), criterion);
  const slacks = options.slacks ?? spaceSlacks(start.size);
  checkSlacks(slacks);

  const table = createCutTable(people.count);
  const sorter = createScoreSorter(people.count);
  const scores = new Float64Array(people.count);
  const seen = new Set<number>();
  const side = start.gaps[0]!.value > 0 ? -1 : 1;
  const { perUnit, coarse } = unitOf(heads, half, refinements);

  const tryUnit = (unit: number): void => {
    if (Math.abs(unit) > coarse * half || seen.has(unit)) return;
    seen.add(unit);
    const b = unit * perUnit;
    addHead(scores, heads, b);
    enterCuts({ b, unit, scores, order: sorter.sort(scores) }, people, measure, table, constants);
  };

  tryUnit(0);
  for (let k = 1; k <= half && perUnit > 0; k++) for (const sign of [side, -side]) tryUnit(sign * k * coarse);
  for (let step = coarse / finer; step >= 1 && perUnit > 0; step /= finer) {
    const centres = new Set(slacks.map((slack) => mostRight(table, slack)).filter((right) => right >= 0));
    for (const unit of new Set([...centres].map((right) => table.unit[right]!))) {
      for (let k = 1; k < finer; k++) for (const sign of [side, -side]) tryUnit(unit + sign * k * step);
    }
  }
  const front = listFront(table);
  return {
    criterion,
    unconstrained: start.size,
    choices: slacks.map((slack) => slackChoice(front, slack)),
    front,
    tried: seen.size,
  };
}

/**
 * The best cut of one value of b for each slack, exactly: what `searchHeads` does again and again. With b = 0 it is the
 * baseline of one threshold for everybody.
 */
export function searchCuts(
  heads: HeadScores,
  people: People,
  b: number,
  options: Pick<SearchOptions, 'criterion' | 'constants'> = {},
): FrontPoint[] {
  const { criterion = 'demographic_parity', constants = true } = options;
  const table = createCutTable(people.count);
  const scores = new Float64Array(people.count);
  addHead(scores, heads, b);
  checkScores('f + b g', scores, people.count);
  const order = createScoreSorter(people.count).sort(scores);
  enterCuts({ b, unit: 0, scores, order }, people, createGapMeasure(people, criterion), table, constants);
  return listFront(table);
}

/** 21 slacks at equal distances from 0.001 up to, but without, the gap of the unconstrained rule, as in the paper's code. */
export function spaceSlacks(unconstrained: number, count = 21, least = 0.001): number[] {
  if (!(unconstrained > least)) return [least];
  return Array.from({ length: count }, (_, index) => least + (index * (unconstrained - least)) / count);
}

/** b of one unit, and units between neighbours of the first grid: 10 to the number of refinements. */
function unitOf(heads: HeadScores, half: number, refinements: number): { perUnit: number; coarse: number } {
  const coarse = finer ** refinements;
  const deviation = deviationOf(heads.g);
  if (deviation === 0) return { perUnit: 0, coarse };
  const reach = heads.f.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  return { perUnit: (reach === 0 ? 1 : reach) / (half * coarse) / deviation, coarse };
}

/** Population standard deviation; 0 where it is not above rounding. */
function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  return deviation > 1e-12 * Math.abs(mean) ? deviation : 0;
}

function addHead(out: Float64Array, { f, g }: HeadScores, b: number): void {
  for (let i = 0; i < out.length; i++) out[i] = f[i]! + b * g[i]!;
}

function checkSlacks(slacks: readonly number[]): void {
  const wrong = slacks.find((slack) => !(slack >= 0));
  if (wrong !== undefined) throw new RangeError(`a slack is 0 or more, not ${wrong}`);
}
