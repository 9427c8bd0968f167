import type { ExperimentConfig } from '../../config/schema/root.js';
import { HeldoutError } from '../../core/errors.js';
import type { Dataset } from '../../datasets/dataset.js';
import type { NamedArrays } from '../../engine/engine.js';
import { loadModel } from '../../models/index.js';
import type { Model } from '../../models/model.js';
import { widenInputs } from '../../objectives/traits.js';
import { layOutHeads } from '../../variables/targets.js';
import type { Source } from './source.js';

/** The parameters of a model that depend on how many outputs it has: its output layer. */
export async function findHead(
  model: Model,
  config: Pick<ExperimentConfig, 'model' | 'objective'>,
  { table, targets, inputs }: Dataset,
): Promise<readonly string[]> {
  const widths = layOutHeads(table, targets).map(({ width }) => width + 1);
  const outputs = widths.reduce((total, width) => total + width, 0);
  const shapes = { inputs: widenInputs(config.objective, inputs), outputs, targets: widths };
  const wider = await loadModel(config.model, shapes);
  return Object.keys(model.parameters).filter(
    (name) => !sameShape(model.parameters[name]!.shape, wider.parameters[name]?.shape),
  );
}

/**
 * The parameters of a source, but for the head, which keeps its own. Throws HeldoutError that names the first parameter
 * that the source lacks, has in another shape, or has beyond those of the model.
 */
export function transferParameters(
  own: NamedArrays,
  head: readonly string[],
  { run, parameters }: Source,
): NamedArrays {
  const body = Object.keys(own).filter((name) => !head.includes(name));
  for (const name of body) {
    const [here, there] = [own[name]!.shape, parameters[name]?.shape];
    if (there === undefined) throw refuse(`run ${run} has no parameter ${name}, which this model has`);
    if (!sameShape(here, there)) {
      throw refuse(
        `the parameter ${name} is [${there.join(', ')}] in run ${run}, but [${here.join(', ')}] in this model`,
      );
    }
  }
  const foreign = Object.keys(parameters).find((name) => !(name in own));
  if (foreign !== undefined) throw refuse(`run ${run} has a parameter ${foreign}, which this model has not`);
  return Object.fromEntries(
    Object.entries(own).map(([name, array]) => [name, head.includes(name) ? array : parameters[name]!]),
  );
}

function sameShape(one: readonly number[], other: readonly number[] | undefined): boolean {
  return other !== undefined && one.length === other.length && one.every((size, at) => size === other[at]);
}

function refuse(message: string): HeldoutError {
  return new HeldoutError({
    code: 'E_ADAPT_PARAMETERS',
    message,
    place: 'protocol.from',
    hints: [
      'choose the model, with its options, that the run has: model=NAME',
      'give it images of the same size: dataset.side, dataset.channels',
    ],
    exitCode: 1,
  });
}
