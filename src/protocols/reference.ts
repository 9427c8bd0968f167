import { HeldoutError } from '../core/errors.js';
import type { Dataset } from '../datasets/dataset.js';
import { nearestSeen, trainMean } from '../splits/references.js';
import type { JobContext, JobEnd, Protocol } from './context.js';
import { evaluate } from './evaluate.js';
import type { Predictor } from './predict.js';
import { announce, type Material, prepareMaterial } from './prepare.js';

/** Evaluates what answers from the training targets alone; nothing is trained, no image is drawn. */
export const reference: Protocol = { run: runReference, evaluate: runReference };

async function runReference(context: JobContext): Promise<JobEnd> {
  const { config, run, dataFolder } = context;
  const material = await prepareMaterial(config, dataFolder);
  run.continueFrom();
  announce(context, material, { tier: 'none' }, 0);
  const answer = createReference(config.model.name, material);
  return { ...(await evaluate(context, material, () => answer)), step: 0 };
}

function createReference(name: string, { dataset, split }: Material): Predictor {
  const { table, targets } = dataset;
  if (name === 'train_mean') {
    const means = trainMean(table, split, targets);
    return (examples) => fill(dataset, examples, (target) => means[target]!);
  }
  if (name === 'nearest_seen') {
    const nearest = nearestSeen(table, split, targets);
    return (examples) => fill(dataset, examples, (target, level) => nearest[target]![level]!);
  }
  throw new HeldoutError({
    code: 'E_REFERENCE_UNKNOWN',
    message: `there is no reference called ${name}`,
    place: 'model.name',
    hints: ['model=train_mean', 'model=nearest_seen', 'protocol=supervised trains a network'],
  });
}

function fill(
  { table, targets }: Dataset,
  examples: Uint32Array,
  answer: (target: string, level: number) => number,
): Float32Array {
  const out = new Float32Array(examples.length * targets.length);
  targets.forEach((target, at) => {
    const column = table.column(target);
    examples.forEach((example, row) => {
      out[row * targets.length + at] = answer(target, column[example]!);
    });
  });
  return out;
}
