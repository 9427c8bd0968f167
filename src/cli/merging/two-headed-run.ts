import { type ReadScores, readScores } from '../../analysis/fairness/read-scores.js';
import type { HeldoutError } from '../../core/errors.js';
import type { PredictionsTable } from '../../evaluation/predictions.js';
import { readPredictions } from '../../evaluation/predictions-file.js';
import { addedTarget } from '../../objectives/traits.js';
import { runPaths } from '../../runs/folder.js';
import { type OpenedRun, openRunToDerive, refuseRun } from '../derived/opened-run.js';
import { requireDone } from '../derived/require-done.js';

/** A finished run whose network has a head for the target and one that tells the group. */
export interface TwoHeadedRun extends OpenedRun {
  readonly table: PredictionsTable;
  readonly target: Named;
  readonly protected: Named;
  /** What the output of the group head has above what the predictions say: its threshold. */
  readonly offset: number;
  /** By set, `validation` first; without the training set, and sets that lack a group. */
  readonly sets: ReadonlyMap<string, ReadScores>;
}

/** A variable and what its levels are called. */
interface Named {
  readonly name: string;
  readonly levels: readonly string[];
}

/** Opens a finished two-headed run with its predictions. Throws HeldoutError (exit 2) for any other run. */
export async function openTwoHeadedRun(folder: string): Promise<TwoHeadedRun> {
  const opened = openRunToDerive(folder);
  const { run, config } = opened;
  const refuse = (code: string, message: string, hints: readonly string[]) =>
    refuseRun(folder, code, message, hints);
  const { objective, protocol } = config;
  if (objective.name !== 'two_heads' || protocol.name === 'reference') {
    const what = {
      reference: `is the reference ${config.model.name}`,
      merged: 'is merged already',
    };
    const why =
      protocol.name === 'reference' || protocol.name === 'merged'
        ? what[protocol.name]
        : `was trained with objective=${objective.name}`;
    throw refuse('E_MERGE_OBJECTIVE', `run ${run} ${why}, so it has no second head to merge`, [
      'train one with two: objective=two_heads',
    ]);
  }
  requireDone(folder, 'E_MERGE_UNFINISHED', 'so its heads are not trained yet');
  const table = await readPredictions(runPaths(folder).predictions, run);
  const { names = {}, beside = [] } = table.context;
  const [target] = Object.keys(table.logits ?? {}).filter((name) => !beside.includes(name));
  const [name] = beside;
  if (target === undefined || name === undefined) throw new Error(`run ${run} has no second head`);
  const levels = names[name] ?? [];
  const added = addedTarget(objective, () => ({ name, kind: 'categorical', levels }));
  const own = { name, levels };
  return {
    ...{ ...opened, table },
    target: { name: target, levels: names[target] ?? [] },
    protected: own,
    offset: added?.threshold ?? 0,
    sets: readSets(table, target, own, refuse),
  };
}

function readSets(
  table: PredictionsTable,
  target: string,
  { name, levels }: Named,
  refuse: (code: string, message: string, hints: readonly string[]) => HeldoutError,
): ReadonlyMap<string, ReadScores> {
  const listAbsent = (set: string) => {
    const there = new Set(table.variables[name]!.filter((_, row) => table.set[row] === set));
    return levels.filter((_, level) => !there.has(level));
  };
  const sets = [...new Set(table.set)].filter((set) => set !== 'train');
  if (!sets.includes('validation')) {
    throw refuse('E_MERGE_VALIDATION', "a sum of heads is chosen on the set 'validation', which it has not", [
      'train on a split that has one: split=stratified',
    ]);
  }
  const [absent] = listAbsent('validation');
  if (absent !== undefined) {
    throw refuse(
      'E_MERGE_GROUP',
      `nobody in the set validation has ${name} = ${absent}, so its rates do not exist`,
      ['train on a split that gives every set people of every group: split=stratified'],
    );
  }
  const shown = ['validation', ...sets.filter((set) => set !== 'validation' && listAbsent(set).length === 0)];
  return new Map(shown.map((set) => [set, readScores(table, set, target, name)]));
}
