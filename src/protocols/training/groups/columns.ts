import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import type { Dataset } from '../../../datasets/dataset.js';
import type { ColumnName } from '../../../objectives/objective.js';
import { columnsOf } from '../../../objectives/traits.js';
import { shuffle } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';
import { nameLevels } from '../../../variables/levels.js';
import { countLevels } from '../../../variables/targets.js';
import type { Variable } from '../../../variables/variable.js';
import type { Material } from '../../prepare.js';
import { weighGroups } from './group-weights.js';

/** Numbers that batches have beside inputs and targets: one per example of the dataset, by name. */
export type Columns = Readonly<Partial<Record<ColumnName, Float32Array>>>;

export interface DescribedColumns {
  readonly columns: Columns;
  /** What decides their numbers beside the dataset and the split. */
  readonly recipe: Readonly<Record<string, string>>;
}

/**
 * What the config's objective asks of a batch. Throws HeldoutError where the dataset names no protected variable, and
 * where a level of it does not occur in the training set.
 */
export function describeColumns(
  material: Material,
  { objective, seed }: Pick<ExperimentConfig, 'objective' | 'seed'>,
): DescribedColumns {
  const asked = columnsOf(objective);
  if (asked.length === 0) return { columns: {}, recipe: {} };
  const { dataset, split } = material;
  const { table, targets } = dataset;
  const { name } = protectedVariable(dataset, `the objective ${objective.name}`);
  requireGroups(material, name);
  if (asked.includes('weight')) {
    const target = targets[0]!.name;
    const weight = weighGroups(table.column(name), table.column(target), split.sets.train);
    return { columns: { weight }, recipe: { weight: name } };
  }
  const levels = Float32Array.from(table.column(name));
  if (!('shuffled' in objective && objective.shuffled)) {
    return { columns: { protected: levels }, recipe: { protected: name } };
  }
  const permuted = permute(levels, split.sets.train, seed);
  return { columns: { protected: permuted }, recipe: { protected: name, shuffled: String(seed) } };
}

/** The levels of training examples, each given to another one of them. */
function permute(levels: Float32Array, train: Uint32Array, seed: number): Float32Array {
  const permuted = levels.slice();
  const order = shuffle(stream(seed, 'shuffled protected'), train.slice());
  for (const [at, example] of train.entries()) permuted[example] = levels[order[at]!]!;
  return permuted;
}

/** The dataset's first protected variable. Throws HeldoutError where there is none. */
export function protectedVariable({ name, table, protected: names }: Dataset, asker: string): Variable {
  const [first] = names ?? [];
  if (first !== undefined) return table.variable(first);
  throw new HeldoutError({
    code: 'E_PROTECTED_ABSENT',
    message: `${asker} needs a protected variable, and the dataset ${name} names none`,
    place: 'dataset',
    hints: ['choose a dataset that names protected variables'],
  });
}

/** Throws HeldoutError where training would never see one of the groups. */
export function requireGroups({ dataset: { table }, split }: Material, name: string): void {
  const counts = countLevels(table, name, split.sets.train);
  const absent = nameLevels(table.variable(name)).filter((_, level) => counts[level] === 0);
  if (absent.length === 0 && counts.length > 1) return;
  throw new HeldoutError({
    code: 'E_PROTECTED_GROUPS',
    message:
      counts.length > 1
        ? `the training set has no example whose ${name} is ${absent.join(' or ')}`
        : `${name} has one group, so there is nothing to treat alike`,
    place: 'split',
    hints: ['let the training set have examples of every group', 'or name another protected variable'],
  });
}
