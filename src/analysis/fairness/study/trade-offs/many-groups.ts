import { decideByGroup } from '../../rules/thresholds.js';
import { decideGroups, type GroupHeadScores } from '../../search/group-rules.js';
import { searchGroupThresholds } from '../../search/group-thresholds.js';
import { searchGroupHeads } from '../../search/search-groups.js';
import { type FairRun, groupHeadsOf, type ScoredPeople } from '../arms.js';
import { remember } from './remember.js';

/** Decides about people of any set of the run that a rule was chosen for. */
export type DecideOn = (set: ScoredPeople) => Uint8Array;
/** A way of deciding for each slack, chosen on validation; none where nothing was found to meet it. */
export type SearchRules = (run: FairRun, slacks: readonly number[]) => readonly (DecideOn | undefined)[];

/** A head for each of more than two groups, by coordinate descent. */
export const searchManyHeads: SearchRules = (run, slacks) =>
  slacks.map((slack) => searchOwnHeads(run, slack));

/** A threshold for each predicted group, that of the largest head, by what happens to the true groups. */
export const searchManyPredicted: SearchRules = (run, slacks) =>
  slacks.map((slack) =>
    descend(run, slack, (set) => {
      const { f, g } = groupHeadsOf(set);
      const predicted = Uint8Array.from(f, (_, i) => indexOfLargest(g, i));
      return { f, g: g.map((_, group) => Float64Array.from(predicted, (own) => (own === group ? 1 : 0))) };
    }),
  );

/** A threshold for each true group, exactly. */
export const searchManyThresholds: SearchRules = ({ validation: { f, people } }, slacks) =>
  searchGroupThresholds(f, people, slacks).map(
    ({ thresholds }) =>
      (set) =>
        decideByGroup(set.f, set.people.a, thresholds),
  );

const searchOwnHeads = remember((run, slack) => descend(run, slack, groupHeadsOf));

function descend(
  { validation }: FairRun,
  slack: number,
  headsOf: (set: ScoredPeople) => GroupHeadScores,
): DecideOn | undefined {
  const { met, point } = searchGroupHeads(headsOf(validation), validation.people, slack);
  return met ? (set) => decideGroups(headsOf(set), point) : undefined;
}

function indexOfLargest(heads: readonly Float64Array[], person: number): number {
  let largest = 0;
  for (let group = 1; group < heads.length; group++) {
    if (heads[group]![person]! > heads[largest]![person]!) largest = group;
  }
  return largest;
}
