import type { ExperimentConfig } from '../../../config/schema/root.js';
import { nameLevels } from '../../../variables/levels.js';
import type { Material } from '../../prepare.js';
import { protectedVariable } from './columns.js';

/** Share of batches without a gap to close, from which on it is said. */
const many = 0.05;

/**
 * What is to be said where many batches lack a group, so that `objective=fair` does nothing in them; undefined where
 * there is nothing to say.
 */
export function describeRareGroups(
  { dataset, split }: Material,
  { objective, training }: Pick<ExperimentConfig, 'objective' | 'training'>,
): string | undefined {
  if (objective.name !== 'fair' || objective.strength === 0) return undefined;
  const { table, targets } = dataset;
  const variable = protectedVariable(dataset, `the objective ${objective.name}`);
  const [group, truth] = [table.column(variable.name), table.column(targets[0]!.name)];
  const labels = { squared: [], absolute: [], equal_opportunity: [1], equalized_odds: [0, 1] }[
    objective.regulariser
  ];
  const { train } = split.sets;
  const cells = variable.levels.flatMap((_, level) =>
    (labels.length === 0 ? [undefined] : labels).map((label) => {
      const found = train.filter(
        (example) => group[example] === level && (label === undefined || truth[example] === label),
      );
      return { level, label, share: found.length / train.length };
    }),
  );
  const rarest = cells.reduce((a, b) => (b.share < a.share ? b : a));
  const absent = (1 - rarest.share) ** training.batch_size;
  // In stratified batches, a group of which there is one or more in every batch is never absent.
  const always =
    training.stratify === true && rarest.label === undefined && rarest.share * training.batch_size >= 2;
  if (absent < many || always) return undefined;
  const who = `${variable.name} ${nameLevels(variable)[rarest.level]}`;
  const asked = table.variable(targets[0]!.name);
  const which =
    rarest.label === undefined ? who : `${who} whose ${asked.name} is ${nameLevels(asked)[rarest.label]}`;
  return `about ${Math.round(100 * absent)} % of batches have no example of ${which}, and are not regularised; a larger training.batch_size has them`;
}
