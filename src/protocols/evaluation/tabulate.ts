import type { Dataset } from '../../datasets/dataset.js';
import type { PredictionsContext, PredictionsTable } from '../../evaluation/predictions.js';
import { nameHeldVariables } from '../../splits/held.js';
import type { Split } from '../../splits/split.js';
import { nameLevels } from '../../variables/levels.js';
import {
  countOutputs,
  fillTargets,
  type Head,
  hasClasses,
  layOutHeads,
  scaleLevels,
  targetVariance,
} from '../../variables/targets.js';
import type { Material } from '../prepare.js';

/** Examples of one set with a model's outputs `[examples, outputs]`, row-major. */
export interface PredictedSet {
  readonly set: string;
  readonly examples: Uint32Array;
  readonly predictions: Float32Array;
}

/** The predictions table of some sets, one after the other. */
export function tabulate({ dataset, split }: Material, parts: readonly PredictedSet[]): PredictionsTable {
  const { table, targets } = dataset;
  const heads = layOutHeads(table, targets);
  const width = countOutputs(heads);
  const example = Uint32Array.from(parts.flatMap((part) => Array.from(part.examples)));
  const predicted = Float32Array.from(parts.flatMap((part) => Array.from(part.predictions)));
  const numeric = heads.filter((head) => !hasClasses(head));
  const classes = heads.filter(hasClasses);
  const collect = <Value>(of: readonly Head[], take: (head: Head) => Value) =>
    Object.fromEntries(of.map((head) => [head.name, take(head)]));
  return {
    example,
    set: parts.flatMap((part) => Array.from(part.examples, () => part.set)),
    held: nameHeldVariables(table, split, example),
    variables: Object.fromEntries(
      table.variables.map(({ name }) => {
        const column = table.column(name);
        return [name, Uint16Array.from(example, (at) => column[at]!)];
      }),
    ),
    targets: collect(numeric, (head) => {
      const truth = new Float32Array(example.length);
      fillTargets(table, [head], example, truth);
      return truth;
    }),
    predictions: collect(numeric, (head) => takeColumns(predicted, width, head)),
    ...(classes.length > 0 && {
      logits: collect(classes, (head) => takeLogits(predicted, width, head)),
    }),
    context: describeTargets(dataset, split, numeric, classes.length > 0),
  };
}

/** Of a class each; a binary head's output, less its threshold, is the logit of level 1 beside a 0 for level 0. */
function takeLogits(rows: Float32Array, width: number, head: Head): Float32Array {
  const taken = takeColumns(rows, width, head);
  const { kind, threshold = 0 } = head;
  if (kind !== 'binary') return taken;
  return Float32Array.from({ length: 2 * taken.length }, (_, at) =>
    at % 2 === 0 ? 0 : taken[(at - 1) / 2]! - threshold,
  );
}

function takeColumns(rows: Float32Array, width: number, { start, width: columns }: Head): Float32Array {
  const taken = new Float32Array((rows.length / width) * columns);
  for (let row = 0; row * width < rows.length; row++) {
    const from = row * width + start;
    taken.set(rows.subarray(from, from + columns), row * columns);
  }
  return taken;
}

function describeTargets(
  { table, beside }: Dataset,
  split: Split,
  numeric: readonly Head[],
  withClasses: boolean,
): PredictionsContext {
  const each = <T>(of: (name: string) => T): Readonly<Record<string, T>> =>
    Object.fromEntries(numeric.map(({ name }) => [name, of(name)]));
  return {
    variance: each((name) => targetVariance(table, name)),
    levels: each((name) => Array.from(scaleLevels(table.variable(name)))),
    ...(beside && { beside }),
    ...(withClasses && {
      names: Object.fromEntries(table.variables.map((variable) => [variable.name, nameLevels(variable)])),
    }),
    held: split.held,
  };
}
