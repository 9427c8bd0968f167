import type { ExperimentConfig } from '../config/index.js';
import { HeldoutError } from '../core/errors.js';
import { columnsOf } from '../objectives/traits.js';
import type { Split } from '../splits/split.js';
import { nameLevels } from '../variables/levels.js';
import { countLevels } from '../variables/targets.js';
import type { VariableTable } from '../variables/variable.js';

/** Sets that rules are chosen on, and that they are reported on. */
const compared = ['validation', 'test'] as const;

/**
 * Looks for groups that are in no example of a set. Throws HeldoutError where an objective that asks for groups would
 * never see one of them; says which sets lack one, so that tables that compare groups have none of these runs.
 */
export function checkGroups(
  table: VariableTable,
  { sets }: Split,
  configs: readonly ExperimentConfig[],
): string[] {
  const name = configs.map(mainProtected).find((own) => own !== undefined);
  if (name === undefined || !table.variables.some((variable) => variable.name === name)) return [];
  const levels = nameLevels(table.variable(name));
  const absentFrom = (set: string): string[] => {
    const examples = sets[set];
    if (examples === undefined) return [];
    const counts = countLevels(table, name, examples);
    return levels.filter((_, level) => counts[level] === 0);
  };
  const whole = countLevels(table, name);
  const tell = (absent: readonly string[]) =>
    absent.map((level) => `${level} (${whole[levels.indexOf(level)]} in all)`).join(' or ');
  const asks = configs.some(({ objective }) => columnsOf(objective).length > 0);
  const untrained = asks ? absentFrom('train') : [];
  if (untrained.length > 0) {
    throw new HeldoutError({
      code: 'E_PROTECTED_GROUPS',
      message: `nobody of the training set has ${name} ${tell(untrained)}, so nothing can be learned about them`,
      place: 'split',
      hints: remedies,
    });
  }
  return compared.flatMap((set) => {
    const absent = absentFrom(set);
    return absent.length === 0
      ? []
      : [
          `nobody of the set ${set} has ${name} ${tell(absent)}: tables that compare groups leave such runs out (${remedies.join('; ')})`,
        ];
  });
}

const remedies = [
  'put small groups together in the file',
  'dataset.protected_positive=LEVEL compares one group with all others',
  'split.shares={train: .., validation: .., test: ..} gives the set more people',
];

function mainProtected({ evaluation, dataset }: ExperimentConfig): string | undefined {
  const [first] = evaluation.protected ?? ('protected' in dataset ? [dataset.protected].flat() : []);
  return first;
}
