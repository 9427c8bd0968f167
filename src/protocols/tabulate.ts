import type { Dataset } from '../datasets/dataset.js';
import type { PredictionsContext, PredictionsTable } from '../evaluation/predictions.js';
import { nameHeldVariables } from '../splits/held.js';
import type { Split } from '../splits/split.js';
import { fillTargets, scaleLevels, targetVariance } from '../variables/targets.js';
import type { Material } from './prepare.js';

/** Examples of one set with their predictions `[examples, targets]`, row-major. */
export interface PredictedSet {
  readonly set: string;
  readonly examples: Uint32Array;
  readonly predictions: Float32Array;
}

/** The predictions table of some sets, one after the other. */
export function tabulate({ dataset, split }: Material, parts: readonly PredictedSet[]): PredictionsTable {
  const { table, targets } = dataset;
  const example = Uint32Array.from(parts.flatMap((part) => Array.from(part.examples)));
  const truth = new Float32Array(example.length * targets.length);
  fillTargets(table, targets, example, truth);
  const predicted = Float32Array.from(parts.flatMap((part) => Array.from(part.predictions)));
  const columns = (rows: Float32Array) =>
    Object.fromEntries(
      targets.map((name, at) => [
        name,
        Float32Array.from(example, (_, row) => rows[row * targets.length + at]!),
      ]),
    );
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
    targets: columns(truth),
    predictions: columns(predicted),
    context: describeTargets(dataset, split),
  };
}

function describeTargets({ table, targets }: Dataset, split: Split): PredictionsContext {
  const each = <T>(of: (name: string) => T): Readonly<Record<string, T>> =>
    Object.fromEntries(targets.map((name) => [name, of(name)]));
  return {
    variance: each((name) => targetVariance(table, name)),
    levels: each((name) => Array.from(scaleLevels(table.variable(name)))),
    held: split.held,
  };
}
