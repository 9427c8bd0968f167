import { HeldoutError } from '../../core/errors.js';
import type { Head } from '../../variables/targets.js';
import { isForRetraining } from '../evaluation/test-sets.js';
import type { Material } from '../prepare.js';

/** Examples that a read-out is fitted to. */
export interface RetrainingRows {
  readonly examples: Uint32Array;
  /** Class of each. */
  readonly labels: Float64Array;
  /** Of each a number for its class within its group. */
  readonly groups: Float64Array;
  /** What is balanced, in words. */
  readonly describe: string;
}

/**
 * All examples of a set, with classes within the levels of a variable as groups: the named one, or else the first protected
 * one, or the environment. Throws HeldoutError where the set chooses between runs (`validation`), is neither `train` nor one
 * for it (`retrain`, `retrain..`) or is not in the split, where there is no such variable, and where a class is missing.
 */
export function chooseRetrainingRows(
  { dataset, split }: Material,
  { set, group }: { readonly set: string; readonly group: string | null },
  head: Head,
): RetrainingRows {
  if (set === 'validation') {
    throw refuseRetraining('the set validation chooses between runs, so no read-out is fitted to it', other);
  }
  const examples = split.sets[set];
  if (examples === undefined || examples.length === 0) {
    throw refuseRetraining(`the split of the run has no set '${set}' with examples`, other);
  }
  if (set !== 'train' && !isForRetraining(set)) {
    throw refuseRetraining(`the set ${set} is for testing, so no read-out is fitted to it`, other);
  }
  const { table } = dataset;
  const name = group ?? dataset.protected?.[0] ?? dataset.environment;
  if (name === undefined || !table.variables.some((variable) => variable.name === name)) {
    const known = table.variables.map((variable) => variable.name).join(', ');
    const what = name === undefined ? 'names no protected variable and no environment' : `has no '${name}'`;
    throw refuseRetraining(`the dataset ${dataset.name} ${what}, whose levels would be balanced`, [
      `name one of ${known}: group=NAME`,
    ]);
  }
  const [column, target] = [table.column(name), table.column(head.name)];
  const levels = table.variable(name).levels.length;
  const labels = Float64Array.from(examples, (example) => target[example]!);
  const classes = table.variable(head.name).levels.length;
  if (new Set(labels).size < classes) {
    throw refuseRetraining(`the set ${set} has not all ${classes} classes of ${head.name}`, other);
  }
  const groups = Float64Array.from(examples, (example) => target[example]! * levels + column[example]!);
  return { examples, labels, groups, describe: `with as many of every ${head.name} within every ${name}` };
}

const other = [
  "train with a set of its own: split=statement '+split.sets.retrain={of: train, share: 0.1}', then set=retrain",
  'set=train takes the training set',
];

export function refuseRetraining(message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_DFR', message, place: 'protocol', hints, exitCode: 1 });
}
