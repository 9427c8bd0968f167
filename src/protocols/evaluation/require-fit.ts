import { HeldoutError } from '../../core/errors.js';
import type { Dataset } from '../../datasets/dataset.js';
import { nameLevels } from '../../variables/levels.js';
import { hasClasses, type Target } from '../../variables/targets.js';

/** Names of a list that a message spells out. */
const spelled = 12;

/**
 * Throws HeldoutError where a network that was trained on one dataset cannot be asked about another: inputs of other names
 * or shapes, other targets, or classes of other names, whose places in the network's outputs would mean something else.
 *
 * @param run Id of the run that was trained.
 */
export function requireFit(trained: Dataset, dataset: Dataset, run: string): void {
  requireInputs(trained, dataset, run);
  requireColumns(trained, dataset, run);
  const [own, wanted] = [trained.targets, dataset.targets];
  const list = (targets: readonly Target[]) =>
    targets.map(({ name, kind }) => `${name} (${kind})`).join(', ');
  if (own.length !== wanted.length || own.some(({ kind }, at) => kind !== wanted[at]!.kind)) {
    throw refuse(
      'E_EVALUATE_TARGETS',
      `run ${run} answers ${list(own)}, and the dataset ${dataset.name} asks for ${list(wanted)}`,
      [`choose a dataset with the targets of ${trained.name}`],
    );
  }
  for (const [at, target] of own.entries()) {
    requireLevels({ trained, target: target.name }, { dataset, target: wanted[at]! }, run);
  }
}

function requireInputs(trained: Dataset, dataset: Dataset, run: string): void {
  const describe = ({ inputs }: Dataset) =>
    Object.entries(inputs)
      .map(([name, shape]) => `${name} [${shape.join(', ')}]`)
      .sort()
      .join(' and ');
  const [takes, has] = [describe(trained), describe(dataset)];
  if (takes === has) return;
  const [side, , channels] = trained.inputs.image ?? [];
  const hints =
    side === undefined || dataset.inputs.image === undefined
      ? [`choose a dataset with the inputs of ${trained.name}`]
      : [`give the images that size: dataset.side=${side} dataset.channels=${channels}`];
  throw refuse(
    'E_EVALUATE_INPUTS',
    `run ${run} takes ${takes} (${trained.name}), and the dataset ${dataset.name} has ${has}`,
    hints,
  );
}

/** Numbers of a table mean what their names say. */
function requireColumns(trained: Dataset, dataset: Dataset, run: string): void {
  for (const input of Object.keys(trained.inputs)) {
    const [takes, has] = [trained.columns?.[input], dataset.columns?.[input]];
    const different = takes?.findIndex((name, at) => name !== has?.[at]) ?? -1;
    if (different === -1) continue;
    throw refuse(
      'E_EVALUATE_COLUMNS',
      `run ${run} takes ${takes![different]} as number ${different + 1} of its ${input}, and the dataset ${dataset.name} has ${has?.[different] ?? 'none'} there`,
      [
        'give the table the columns, and their levels, that the run was trained on: dataset.columns={NAME: drop}',
      ],
    );
  }
}

/** A class is known by its place among the levels; a number by the range that became 0 to 1. */
function requireLevels(
  own: { readonly trained: Dataset; readonly target: string },
  { dataset, target }: { readonly dataset: Dataset; readonly target: Target },
  run: string,
): void {
  const { trained } = own;
  const [known, asked] = [
    nameLevels(trained.table.variable(own.target)),
    nameLevels(dataset.table.variable(target.name)),
  ];
  if (known.length === asked.length && known.every((level, at) => level === asked[at])) return;
  const what = hasClasses(target) ? 'classes' : 'levels';
  throw refuse(
    'E_EVALUATE_CLASSES',
    `run ${run} knows ${known.length} ${what} of ${own.target} (${spell(known)}), and ${target.name} of the dataset ${dataset.name} has ${asked.length} (${spell(asked)})`,
    [`choose a dataset with the ${what} of ${trained.name}, in their order`],
  );
}

function spell(levels: readonly string[]): string {
  const shown = levels.slice(0, spelled).join(', ');
  return levels.length > spelled ? `${shown} and ${levels.length - spelled} more` : shown;
}

function refuse(code: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code, message, place: 'dataset', hints });
}
