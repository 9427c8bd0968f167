import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import type { Dataset } from '../../../datasets/dataset.js';
import { comparesEnvironments, looksAround } from '../../../objectives/traits.js';
import { divideByLevel } from '../../../variables/by-level.js';
import { nameLevels } from '../../../variables/levels.js';
import type { Variable } from '../../../variables/variable.js';
import type { Material } from '../../prepare.js';

type Config = Pick<ExperimentConfig, 'training' | 'objective'>;

/** The environments of a training set, by ascending level: batches have equal blocks of them, in this order. */
export interface TrainingEnvironments {
  /** Names of their levels. */
  readonly names: readonly string[];
  /** Examples of each, ascending. */
  readonly examples: readonly Uint32Array[];
}

/**
 * Those that a config's batches are made of; undefined where batches do not look at environments. Throws HeldoutError
 * where the objective compares environments and the batches do not have them, where the dataset names none, and where
 * there are too few.
 */
export function trainingEnvironments(
  { dataset, split }: Material,
  { training, objective }: Config,
): TrainingEnvironments | undefined {
  const compares = comparesEnvironments(objective);
  if (training.environments !== undefined) refuseOther(training);
  if (training.environments === undefined) {
    if (!compares) return undefined;
    throw new HeldoutError({
      code: 'E_ENVIRONMENTS_UNASKED',
      message: `the objective ${objective.name} compares environments, and batches are drawn without regard to them`,
      place: 'training.environments',
      hints: ['+training.environments=replacement', 'objective=cross_entropy'],
    });
  }
  const asker = compares ? `the objective ${objective.name}` : 'training.environments';
  const variable = environmentVariable(dataset, asker);
  const names = nameLevels(variable);
  const present = divideByLevel(dataset.table, variable.name, split.sets.train).flatMap((examples, level) =>
    examples.length === 0 ? [] : [{ name: names[level]!, examples }],
  );
  if (compares && present.length < 2) throw tooFew(asker, present[0]?.name ?? 'none', split.rule);
  if (training.environments === 'all') requireEqual(present);
  return { names: present.map(({ name }) => name), examples: present.map(({ examples }) => examples) };
}

/** Rows of a batch. */
export function batchRows(material: Material, config: Config): number {
  const { batch_size } = config.training;
  const environments = trainingEnvironments(material, config);
  if (environments === undefined) return batch_size;
  if (config.training.environments === 'all') return material.split.sets.train.length;
  return environments.examples.length * batch_size;
}

/**
 * Environments of all examples of a dataset, where those that are predicted together have to be of one: as DomainBed
 * evaluates. Undefined where an example is predicted by itself.
 */
export function predictedApart(
  dataset: Dataset,
  objective: Config['objective'],
): ArrayLike<number> | undefined {
  if (!looksAround(objective)) return undefined;
  return dataset.table.column(environmentVariable(dataset, `the objective ${objective.name}`).name);
}

/** The dataset's variable whose levels are environments. Throws HeldoutError where there is none. */
export function environmentVariable({ name, table, environment }: Dataset, asker: string): Variable {
  if (environment !== undefined) return table.variable(environment);
  throw new HeldoutError({
    code: 'E_ENVIRONMENT_ABSENT',
    message: `${asker} needs environments, and the dataset ${name} names none`,
    place: 'dataset',
    hints: [
      'dataset=colored_mnist, rotated_mnist, pacs or digits have environments',
      'objective=cross_entropy',
    ],
  });
}

/** Throws HeldoutError where batches are to be made in another way besides. */
function refuseOther({ stratify, augment }: Config['training']): void {
  const other = stratify === true ? 'stratify' : (augment?.repeats ?? 1) > 1 ? 'augment.repeats' : undefined;
  if (other === undefined) return;
  throw new HeldoutError({
    code: 'E_ENVIRONMENTS_BATCHES',
    message: `batches are made of environments, or by training.${other}, but not both`,
    place: `training.${other}`,
    hints: [`~training.${other}`, '~training.environments'],
  });
}

function tooFew(asker: string, found: string, rule: string): HeldoutError {
  return new HeldoutError({
    code: 'E_ENVIRONMENTS_FEW',
    message: `${asker} compares environments, and the training set has examples of one alone: ${found}`,
    place: `split (rule ${rule})`,
    hints: ['let the training set have two or more environments', 'objective=cross_entropy learns from one'],
  });
}

function requireEqual(present: readonly { readonly name: string; readonly examples: Uint32Array }[]): void {
  const sizes = new Set(present.map(({ examples }) => examples.length));
  if (sizes.size <= 1) return;
  const counts = present.map(({ name, examples }) => `${name} has ${examples.length}`).join(', ');
  throw new HeldoutError({
    code: 'E_ENVIRONMENTS_UNEQUAL',
    message: `whole environments as one batch need as many examples of each, and ${counts}`,
    place: 'training.environments',
    hints: ['training.environments=replacement'],
  });
}
