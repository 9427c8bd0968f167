import { exponentiatedGradient } from '../analysis/fairness/exponentiated-gradient/exponentiated-gradient.js';
import { toEpsilon } from '../analysis/fairness/exponentiated-gradient/moments.js';
import type { ExperimentConfig } from '../config/schema/root.js';
import { HeldoutError } from '../core/errors.js';
import { sizeOf } from '../core/numbers/shape.js';
import type { Dataset } from '../datasets/dataset.js';
import type { Matrix } from '../evaluation/probes/matrix.js';
import { drawFloat53, stream } from '../random/stream.js';
import type { JobContext, JobEnd, Protocol } from './context.js';
import { evaluate } from './evaluation/evaluate.js';
import type { Predictor } from './evaluation/predict.js';
import { announce, type Material, prepareMaterial } from './prepare.js';
import { protectedVariable, requireGroups } from './training/groups/columns.js';

/** Fits a model that is no network to the training set, and evaluates it; an evaluation fits it again, to the same. */
export const fitted: Protocol = fitAndEvaluate(({ config, dataFolder }) =>
  prepareMaterial(config, dataFolder),
);

/** The same on whatever material. */
export function fitAndEvaluate(prepare: (context: JobContext) => Promise<Material>): Protocol {
  const work = async (context: JobContext): Promise<JobEnd> => {
    const { run, signal } = context;
    const material = await prepare(context);
    run.continueFrom();
    announce(context, material, { tier: 'none' }, 0);
    try {
      const predict = await fitModel(context, material);
      return { ...(await evaluate(context, material, () => predict)), step: 0 };
    } catch (error) {
      if (signal.aborted && error === signal.reason) return { outcome: 'interrupted', step: 0 };
      throw error;
    }
  };
  return { run: work, evaluate: work };
}

/**
 * Logistic regressions by the reductions approach, and a decision for everybody: the classifier that decides about a
 * person is drawn by its weight, once, by the run's seed. A decision has no more than a sign, so its logit is 1 or −1.
 */
async function fitModel({ config, run, signal }: JobContext, material: Material): Promise<Predictor> {
  const { criterion, slack } = readModel(config);
  const { dataset, split } = material;
  const { table } = dataset;
  const target = requireTarget(dataset);
  const { name } = protectedVariable(dataset, `the model ${config.model.name}`);
  requireGroups(material, name);
  const { train } = split.sets;
  const people = {
    target: Uint8Array.from(train, (example) => table.column(target)[example]!),
    groups: Uint16Array.from(train, (example) => table.column(name)[example]!),
  };
  const constraint = criterion === 'equalized_odds' ? 'equalised_odds' : 'demographic_parity';
  const epsilon = toEpsilon(slack, constraint, people);
  const found = await exponentiatedGradient(readInput(dataset, train), people, {
    constraint,
    epsilon,
    signal,
  });
  const { classifier, iterations, gap, converged, error } = found;
  if (!converged)
    run.warn(`the mixture may be ${gap.toPrecision(2)} from the best after ${iterations.made} iterations`);
  run.log(
    `mixes ${classifier.members.length} logistic regressions after ${iterations.made} iterations: expected error ${error.toFixed(4)} in training`,
  );
  const source = stream(config.seed, 'decisions');
  const draws = Float64Array.from({ length: table.size }, () => drawFloat53(source));
  return (examples) => {
    const rates = classifier.decide(readInput(dataset, examples));
    return Float32Array.from(examples, (example, row) => (draws[example]! < rates[row]! ? 1 : -1));
  };
}

function readModel({ model }: ExperimentConfig) {
  if (model.name !== 'exponentiated_gradient') throw new Error(`${model.name} is not fitted`);
  return model;
}

/** The one binary target. Throws HeldoutError where the dataset has others. */
function requireTarget({ name, targets }: Dataset): string {
  const [target, ...others] = targets;
  if (target?.kind === 'binary' && others.length === 0) return target.name;
  throw new HeldoutError({
    code: 'E_FITTED_TARGETS',
    message: `a fair logistic regression answers one binary target, and the dataset ${name} has ${targets.map((each) => `${each.name} (${each.kind})`).join(', ')}`,
    place: 'model.name',
    hints: ['choose a dataset with one: dataset=adult, compas, csv or merit_stripes'],
  });
}

/** The one input of examples, flattened. Throws HeldoutError where there are several. */
function readInput(dataset: Dataset, examples: Uint32Array): Matrix {
  const [input, ...others] = Object.entries(dataset.inputs);
  if (input === undefined || others.length > 0) {
    throw new HeldoutError({
      code: 'E_MODEL_INPUT',
      message: `a logistic regression takes one input, and the dataset ${dataset.name} has ${Object.keys(dataset.inputs).join(', ')}`,
      place: 'model.name',
    });
  }
  const [name, shape] = input;
  const columns = sizeOf(shape);
  const data = new Float32Array(examples.length * columns);
  dataset.fill(name, examples, data);
  return { data, rows: examples.length, columns };
}
