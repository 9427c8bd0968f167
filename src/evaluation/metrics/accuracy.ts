import type { PredictionsTable, RecordRow } from '../predictions.js';
import { type GroupOptions, listGroups } from './groups.js';
import { answerOf, largest, listClassTargets, listSets, mean, scoreClasses } from './rows.js';

/**
 * Share of examples whose largest logit is that of the true class. Groups, per set:
 *
 * | group                      | value                                                          |
 * |----------------------------|----------------------------------------------------------------|
 * | `{}`                       | mean over targets                                              |
 * | `{target: t}`              | target t                                                       |
 * | `{targets: 'all'}`         | share of examples with every target right; where there are several |
 * | `{by: 'a+b', group: 'x+y'}` | mean over targets where a is x and b is y, for each of `groups` |
 */
export function scoreAccuracy(table: PredictionsTable, options: GroupOptions = {}): RecordRow[] {
  const targets = listClassTargets(table);
  if (targets.length === 0) return [];
  const hits = markHits(table);
  const rows = scoreClasses(table, 'accuracy', (target, chosen) => shareOf(hits.get(target)!, chosen));
  const extra = [...listSets(table)].flatMap(([set, chosen]): RecordRow[] => {
    const n = chosen.length;
    const all = chosen.filter((row) => targets.every((target) => hits.get(target)![row] === 1));
    const metric = 'accuracy';
    return [
      ...(targets.length > 1 ? [{ set, metric, group: { targets: 'all' }, value: all.length / n, n }] : []),
      ...listGroups(table, chosen, options).map(({ by, group, rows: members }) => {
        const value = mean(targets.map((target) => shareOf(hits.get(target)!, members)));
        return { set, metric, group: { by, group }, value, n: members.length };
      }),
    ];
  });
  return [...rows, ...extra];
}

/** Per categorical target: 1 for every row that is right, else 0. */
export function markHits(table: PredictionsTable): ReadonlyMap<string, Uint8Array> {
  return new Map(
    Object.keys(table.logits ?? {}).map((target) => [
      target,
      Uint8Array.from(table.example, (_, row) => {
        const { logits, truth } = answerOf(table, target, row);
        return largest(logits) === truth ? 1 : 0;
      }),
    ]),
  );
}

export function shareOf(marks: Uint8Array, rows: readonly number[]): number {
  let sum = 0;
  for (const row of rows) sum += marks[row]!;
  return sum / rows.length;
}
