import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import type { Dataset } from '../../../datasets/dataset.js';
import { hasClasses } from '../../../variables/targets.js';
import type { Material } from '../../prepare.js';

/**
 * What batches are balanced over (Idrissi, Arjovsky, Pezeshki & Lopez-Paz, Simple Data Balancing Achieves Competitive
 * Worst-Group-Accuracy, CLeaR 2022): classes of the first target that has any, or groups: classes within the levels of the
 * first protected variable, or else of the environment. Examples of the training set of each that occurs. Throws
 * HeldoutError where the dataset has no classes, or nothing that makes groups.
 */
export function balancedGroups(
  { dataset, split }: Pick<Material, 'dataset' | 'split'>,
  over: 'classes' | 'groups',
): readonly Uint32Array[] {
  const variables = [classOf(dataset), ...(over === 'groups' ? [groupOf(dataset)] : [])];
  const columns = variables.map((name) => dataset.table.column(name));
  const members = new Map<string, number[]>();
  for (const example of split.sets.train) {
    const key = columns.map((column) => column[example]).join();
    const own = members.get(key);
    if (own === undefined) members.set(key, [example]);
    else own.push(example);
  }
  return [...members.keys()].sort().map((key) => Uint32Array.from(members.get(key)!));
}

/** Throws HeldoutError where batches are to be made in another way besides. */
export function refuseBeside({ environments, stratify, augment }: ExperimentConfig['training']): void {
  const other =
    environments !== undefined
      ? 'environments'
      : stratify === true
        ? 'stratify'
        : (augment?.repeats ?? 1) > 1
          ? 'augment.repeats'
          : undefined;
  if (other === undefined) return;
  throw refuse(`batches are balanced, or made by training.${other}, but not both`, [`~training.${other}`]);
}

function classOf({ name, targets }: Dataset): string {
  const target = targets.find(hasClasses);
  if (target !== undefined) return target.name;
  throw refuse(`the dataset ${name} has no classes to balance batches over`);
}

function groupOf({ name, protected: names = [], environment }: Dataset): string {
  const variable = names[0] ?? environment;
  if (variable !== undefined) return variable;
  throw refuse(`the dataset ${name} names neither a protected variable nor environments, which make groups`, [
    'training.balance=classes',
  ]);
}

function refuse(message: string, hints: readonly string[] = []): HeldoutError {
  return new HeldoutError({
    code: 'E_BALANCE_GROUPS',
    message,
    place: 'training.balance',
    hints: [...hints, '~training.balance'],
  });
}
