import { type Criterion, countFor, createGapMeasure, listRates } from '../criteria.js';
import type { HeadScores } from '../decisions.js';
import { checkScores, listGroups, type People } from '../people.js';
import { createCutTable, enterCuts } from '../search/cut-table.js';
import { createScoreSorter } from '../search/score-order.js';
import { type FrontPoint, listFront, type SlackChoice, slackChoice } from '../search/slack-choice.js';

/** How bands are laid. */
export interface BandOptions {
  /** Values of b, fixed before these people were looked at (say from the training set). One or more. */
  readonly grid: readonly number[];
  readonly criterion?: Criterion;
  /** 0.95 unless given. */
  readonly confidence?: number;
}

/** Rules with bounds on their population gaps that hold for all of them at once, and so for whichever is chosen. */
export interface BandedSearch {
  /** How far a population gap may lie beyond the gap among these people: the same for every rule of the grid. */
  readonly margin: number;
  /** Undominated rules; the population gap of each is at most `size` + `margin`. */
  readonly front: readonly FrontPoint[];
}

/**
 * Searches on all people at once, with bounds that stay valid after the search: for each b and group, the share of people
 * above every threshold lies within √(ln(2 / risk) / 2n) of the population's, for all thresholds at once (Dvoretzky,
 * Kiefer and Wolfowitz with Massart's constant), and the risk is shared among the values of b, the groups and, for
 * equalised odds, the labels. Less sharp than certifying on a second half where few rules are of interest, but no people
 * are set aside.
 */
export function searchBanded(heads: HeadScores, people: People, options: BandOptions): BandedSearch {
  const { grid, criterion = 'demographic_parity', confidence = 0.95 } = options;
  if (grid.length === 0) throw new RangeError('no value of b');
  checkScores('f', heads.f, people.count);
  checkScores('g', heads.g, people.count);
  const measure = createGapMeasure(people, criterion);
  const table = createCutTable(people.count);
  const sorter = createScoreSorter(people.count);
  for (const [unit, b] of grid.entries()) {
    const scores = heads.f.map((score, i) => score + b * heads.g[i]!);
    enterCuts({ b, unit, scores, order: sorter.sort(scores) }, people, measure, table, false);
  }
  return { margin: marginOf(people, options, 1 - confidence), front: listFront(table) };
}

/** The best rule whose population gap is at most the slack, or how many people that takes. */
export type BandedChoice =
  | (SlackChoice & { readonly met: true; readonly bound: number })
  | (SlackChoice & { readonly met: false; readonly bound: number | undefined; readonly needed: number });

/** Chooses among banded rules; `needed` people, at these shares of groups, would do if the nearest rule had no gap. */
export function chooseBanded({ margin, front }: BandedSearch, people: People, slack: number): BandedChoice {
  const choice = slackChoice(front, slack - margin);
  if (choice.met) return { ...choice, slack, bound: choice.point.size + margin };
  const bound = choice.nearest === undefined ? undefined : choice.nearest.size + margin;
  // A margin shrinks with the root of the number of people.
  const needed = slack > 0 ? Math.ceil(people.count * (margin / slack) ** 2) : Number.POSITIVE_INFINITY;
  return { ...choice, slack, bound, needed };
}

/** A grid of b over ±reach, for scores of people who are not those to be bounded. */
export function gridOf({ f, g }: HeadScores, half = 30): number[] {
  const mean = g.reduce((sum, value) => sum + value, 0) / g.length;
  const deviation = Math.sqrt(g.reduce((sum, value) => sum + (value - mean) ** 2, 0) / g.length);
  const reach = f.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  if (!(deviation > 1e-12 * Math.abs(mean)) || reach === 0) return [0];
  return Array.from({ length: 2 * half + 1 }, (_, index) => ((index - half) * (reach / half)) / deviation);
}

function marginOf(
  people: People,
  { grid, criterion = 'demographic_parity' }: BandOptions,
  risk: number,
): number {
  const rates = listRates(criterion);
  const share = risk / (grid.length * rates.length * people.groups);
  const band = (trials: number) => Math.sqrt(Math.log(2 / share) / (2 * trials));
  return Math.max(
    ...rates.map((rate) => {
      const widths = listGroups(people.groups).map((group) => band(countFor(rate, people.sizes, group)));
      const [widest = 0, second = 0] = widths.sort((p, q) => q - p);
      return widest + second;
    }),
  );
}
