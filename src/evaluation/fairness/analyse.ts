import { stream } from '../../random/stream.js';
import { listSets } from '../metrics/rows.js';
import type { PredictionsTable } from '../predictions.js';
import { bootstrapCounts, bootstrapScores } from './bootstrap.js';
import { cellsPerGroup, type GroupCounts, sizeOf, takeGroups } from './counts.js';
import { definitions } from './definitions/catalogue.js';
import type { Description } from './definitions/definition.js';
import { type Estimate, estimateCounts, estimateScores } from './estimate.js';
import { rateOfGroup } from './measures/values.js';
import {
  countPeople,
  listBinaryTargets,
  listGroupings,
  type People,
  scorePeople,
  takePeople,
} from './people.js';
import { countProportion, type ProportionName, proportionNames, ratesOf } from './rates.js';
import { scoreDefinitions } from './scores/catalogue.js';
import type { ScoredPair } from './scores/group-scores.js';

export interface GroupSize {
  readonly group: string;
  readonly people: number;
  readonly positives: number;
  readonly decidedPositive: number;
}

export interface GroupRate extends Estimate {
  readonly rate: ProportionName;
  readonly group: string;
  /** People below the line. */
  readonly n: number;
}

export interface GroupMeasure extends Estimate {
  readonly definition: Description & { readonly method: string };
  /** Groups 1 and 0 of a comparison of two; undefined for one of all. */
  readonly pair: readonly [one: string, zero: string] | undefined;
  /** People of the groups compared. */
  readonly n: number;
}

/** All that is said of one target in one set, for people grouped in one way. */
export interface GroupAnalysis {
  readonly set: string;
  readonly target: string;
  /** `sex`, or `sex+race`. */
  readonly by: string;
  readonly sizes: readonly GroupSize[];
  readonly rates: readonly GroupRate[];
  readonly measures: readonly GroupMeasure[];
}

export interface DrawOptions {
  /** Draws for what follows from counts. */
  readonly draws?: number;
  /** Draws for what needs scores: there people are drawn one by one. */
  readonly scoreDraws?: number;
  /** Coverage of all intervals. */
  readonly level?: number;
  readonly seed?: number;
}

export const usualDraws = { draws: 10_000, scoreDraws: 500, level: 0.95, seed: 0 } as const;

/** Steps of [0, 1] for densities and discrepancies: of the value itself, and of its draws. */
const grids = { value: 4096, draws: 512 } as const;

/** Analyses every binary target in a set by each protected variable and by all at once; none where the set is empty. */
export function analyseGroups(
  table: PredictionsTable,
  {
    protected: names,
    set,
    ...options
  }: DrawOptions & { readonly protected: readonly string[]; readonly set: string },
): GroupAnalysis[] {
  const rows = listSets(table).get(set) ?? [];
  if (rows.length === 0) return [];
  return listBinaryTargets(table, names).flatMap((target) =>
    listGroupings(names).map((variables) => {
      const people = takePeople(table, target, variables, rows);
      const by = variables.join('+');
      return { set, target, by, ...analysePeople(people, options, [target, by]) };
    }),
  );
}

/** What is said of some people; `path` names their random draws. */
export function analysePeople(
  people: People,
  options: DrawOptions = {},
  path: readonly string[] = [],
): Pick<GroupAnalysis, 'sizes' | 'rates' | 'measures'> {
  const { draws, scoreDraws, level, seed } = { ...usualDraws, ...options };
  const counts = countPeople(people);
  const groups = [...counts.groups.keys()];
  const pairs = groups.slice(1).map((one) => {
    const names = [counts.groups[one]!, counts.groups[0]!] as const;
    return { one, names, counts: takeGroups(counts, [0, one]) };
  });
  const rates = groups.flatMap((group) =>
    proportionNames.map((rate) => ({ rate, group, measure: rateOfGroup(rate, group) })),
  );
  const ofAll = pairs.length > 0 ? definitions.filter(({ pair }) => !pair) : [];
  const ofPairs = definitions.filter(({ pair }) => pair);
  const [drawnOfAll, ...drawnOfPairs] = bootstrapCounts(
    counts,
    [
      { groups, measures: [...rates.map(({ measure }) => measure), ...ofAll] },
      ...pairs.map(({ one }) => ({ groups: [0, one], measures: ofPairs })),
    ],
    { draws, level, source: stream(seed, 'group-metrics', ...path, 'counts') },
  );
  const scored = scorePeople(people, counts.groups);
  const known = ratesOf(counts);
  return {
    sizes: groups.map((group) => describeSize(counts, group)),
    rates: rates.map(({ rate, group }, at) => ({
      rate,
      group: counts.groups[group]!,
      n: countProportion(known, rate, group)[1],
      // Of this group alone, so that no other is blamed where it has none.
      ...estimateCounts(rateOfGroup(rate, 0), takeGroups(counts, [group]), drawnOfAll![at]!, level),
    })),
    measures: [
      ...definitions.flatMap((definition): GroupMeasure[] => {
        if (!definition.pair) {
          const at = ofAll.indexOf(definition);
          if (at < 0) return [];
          const drawn = drawnOfAll![rates.length + at]!;
          return [{ ...describe(definition, counts), ...estimateCounts(definition, counts, drawn, level) }];
        }
        return pairs.map((pair, at) => ({
          ...describe(definition, pair.counts, pair.names),
          ...estimateCounts(definition, pair.counts, drawnOfPairs[at]![ofPairs.indexOf(definition)]!, level),
        }));
      }),
      ...pairs.flatMap(({ one, names, counts: own }): GroupMeasure[] => {
        const pair: ScoredPair = { groups: [scored[0]!, scored[one]!], grid: grids.value };
        const source = stream(seed, 'group-metrics', ...path, 'scores', ...names);
        const coarse = { ...pair, grid: grids.draws };
        const drawn = bootstrapScores(coarse, scoreDefinitions, { draws: scoreDraws, level, source });
        return scoreDefinitions.map((definition, at) => ({
          ...describe(definition, own, names),
          ...estimateScores(definition, pair, drawn[at]!, level),
        }));
      }),
    ],
  };
}

function describe(
  definition: GroupMeasure['definition'],
  counts: GroupCounts,
  pair?: readonly [string, string],
): Pick<GroupMeasure, 'definition' | 'pair' | 'n'> {
  return { definition, pair, n: counts.cells.reduce((sum, count) => sum + count, 0) };
}

function describeSize(counts: GroupCounts, group: number): GroupSize {
  const at = group * cellsPerGroup;
  const [, falsePositives, falseNegatives, truePositives] = counts.cells.subarray(at, at + cellsPerGroup);
  return {
    group: counts.groups[group]!,
    people: sizeOf(counts, group),
    positives: falseNegatives! + truePositives!,
    decidedPositive: falsePositives! + truePositives!,
  };
}
