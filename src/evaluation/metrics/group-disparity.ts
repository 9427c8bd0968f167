import { HeldoutError } from '../../core/errors.js';
import { type InferenceOptions, inferGroupsByAdam } from '../examples/adam-groups.js';
import { createScores, type ExampleScores, scoreLogits } from '../examples/example-scores.js';
import { groupDisparity, inferGroups, listVariations } from '../examples/inferred-groups.js';
import { listGroupings } from '../fairness/people.js';
import type { PredictionsTable, RecordRow } from '../predictions.js';
import { type GroupOptions, listGroups } from './groups.js';
import type { ProtectedOptions } from './protected-groups.js';
import { answerOf, largest, listClassTargets, listSets, mean, scoreClasses } from './rows.js';

export interface DisparityOptions extends GroupOptions, ProtectedOptions {
  /** How memberships of `inferred_group_disparity_adam` are sought. */
  readonly eiil?: InferenceOptions | undefined;
  /** Of the evaluation. */
  readonly seed?: number | undefined;
}

const metric = 'group_disparity';

/**
 * Fairness as total variation: how far the answers of a group are from all answers, 0 to 1, whatever is true. Groups are
 * those of each list of `evaluation.groups`, of each protected variable, and of all of these at once. Per set:
 *
 * | group                           | value                                                                |
 * |---------------------------------|----------------------------------------------------------------------|
 * | `{by: 'a+b'}`                   | mean over examples (`groupDisparity`), and over targets              |
 * | `{by: 'a+b', group: 'x+y'}`     | of the group where a is x and b is y, mean over targets               |
 * | `{by, target}`                  | the same of target t; of a target that is among `by` no mean counts it |
 *
 * Throws HeldoutError where nothing names groups.
 */
export function scoreGroupDisparity(table: PredictionsTable, options: DisparityOptions = {}): RecordRow[] {
  const groupings = [...(options.groups ?? []), ...listGroupings(options.protected ?? [])];
  if (groupings.length === 0) throw refuseWithoutGroups();
  const answers = new Map(
    listClassTargets(table, true).map((target) => [target, takeAnswers(table, target)]),
  );
  return [...listSets(table)].flatMap(([set, rows]) =>
    groupings.flatMap((names) => {
      const groups = listGroups(table, rows, { groups: [names] });
      const members = groups.flatMap((group) => group.rows);
      const codes = groups.flatMap((group, code) => group.rows.map(() => code));
      const by = names.join('+');
      const found = [...answers].map(([target, all]) => {
        const own = members.map((row) => all[row]!);
        return { target, disparity: groupDisparity(own, codes), parts: listVariations(own, codes) };
      });
      const point = listClassTargets(table).filter((target) => !names.includes(target));
      const counted = found.filter(({ target }) => point.includes(target));
      if (counted.length === 0) return [];
      const make = (group: Readonly<Record<string, string>>, value: number, n: number): RecordRow => ({
        ...{ set, metric, group: { by, ...group }, value, n },
      });
      return [
        make({}, mean(counted.map(({ disparity }) => disparity)), rows.length),
        ...groups.map(({ group, rows: own }, code) =>
          make({ group }, mean(counted.map(({ parts }) => parts[code]!.variation)), own.length),
        ),
        ...found.map(({ target, disparity }) => make({ target }, disparity, rows.length)),
      ];
    }),
  );
}

/** The same of two groups that environment inference finds, in closed form: `inferGroups`. Groups: see `scoreClasses`. */
export function scoreInferredDisparity(table: PredictionsTable): RecordRow[] {
  return scoreClasses(table, 'inferred_group_disparity', (target, rows) => {
    const scores = takeScores(table, target, rows);
    return groupDisparity(scores.answer, inferGroups(scores));
  });
}

/** The same of two groups that Adam finds, as published: `inferGroupsByAdam`. Groups: see `scoreClasses`. */
export function scoreInferredDisparityByAdam(
  table: PredictionsTable,
  { eiil, seed = 0 }: DisparityOptions = {},
): RecordRow[] {
  return scoreClasses(table, 'inferred_group_disparity_adam', (target, rows) => {
    const scores = takeScores(table, target, rows);
    return groupDisparity(scores.answer, inferGroupsByAdam(scores, seed, eiil));
  });
}

function takeAnswers(table: PredictionsTable, target: string): Uint32Array {
  return Uint32Array.from(table.example, (_, row) => largest(answerOf(table, target, row).logits));
}

function takeScores(table: PredictionsTable, target: string, rows: readonly number[]): ExampleScores {
  const scores = createScores(rows.length);
  for (const [at, row] of rows.entries()) {
    const { logits, truth } = answerOf(table, target, row);
    scoreLogits(scores, at, logits, truth);
  }
  return scores;
}

function refuseWithoutGroups(): HeldoutError {
  return new HeldoutError({
    code: 'E_METRIC_GROUPS',
    message: `${metric} compares groups, and nothing names variables that make them`,
    place: 'evaluation.metrics',
    hints: [
      "type '+evaluation.groups=[[environment]]'",
      "type '+evaluation.protected=[sex]'",
      'evaluation.metrics=[inferred_group_disparity] infers groups',
    ],
  });
}
