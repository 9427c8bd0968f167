import type { PredictionsTable, RecordRow } from '../predictions.js';
import { markHits, shareOf } from './accuracy.js';
import { type GroupOptions, listGroups } from './groups.js';
import { listClassTargets, listSets, mean } from './rows.js';

/**
 * The lowest accuracy of any group (Sagawa et al. 2020), per set and per list of `groups`: `{by: 'a+b'}` of the mean
 * over targets, and `{by: 'a+b', target: t}` of target t. `n` counts the examples of the group that it is.
 */
export function scoreWorstGroup(table: PredictionsTable, options: GroupOptions = {}): RecordRow[] {
  const hits = markHits(table);
  if (hits.size === 0) return [];
  const counted = listClassTargets(table);
  return [...listSets(table)].flatMap(([set, rows]) =>
    (options.groups ?? []).flatMap((names) => {
      const groups = listGroups(table, rows, { groups: [names] });
      const worst = (
        score: (members: readonly number[]) => number,
        target: RecordRow['group'],
      ): RecordRow => {
        const scored = groups.map((each) => ({ value: score(each.rows), n: each.rows.length }));
        const least = scored.reduce((a, b) => (b.value < a.value ? b : a));
        return { set, metric: 'worst_group_accuracy', group: { by: names.join('+'), ...target }, ...least };
      };
      return [
        worst((members) => mean(counted.map((target) => shareOf(hits.get(target)!, members))), {}),
        ...[...hits].map(([target, marks]) => worst((members) => shareOf(marks, members), { target })),
      ];
    }),
  );
}
