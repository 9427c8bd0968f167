import { add, Tensor } from '@tensorflow/tfjs-core';
import type { ExperimentConfig } from '../../config/schema/root.js';
import type { Dataset } from '../../datasets/dataset.js';
import type { Quantities, StepInputs, TensorMap, TrainerOptions } from '../../engine/engine.js';
import { keyInputs, readKey } from '../../engine/ops/random-uniform.js';
import { loadModel } from '../../models/index.js';
import { frozenParameters, initialParameters, sparedParameters } from '../../models/initialise.js';
import type { Model } from '../../models/model.js';
import { loadObjective } from '../../objectives/index.js';
import { columnsOf, comparesEnvironments, numbersOf, restartOf } from '../../objectives/traits.js';
import { stepKey } from '../../random/step-key.js';
import { loadOptimizer } from '../../training/optimizers/index.js';
import { listFrozen } from '../../training/train-only.js';
import { countOutputs, layOutHeads } from '../../variables/targets.js';
import type { Material } from '../prepare.js';
import { protectedVariable } from './columns.js';
import { trainingEnvironments } from './environments.js';
import { computeAids } from './penalty.js';

/** The model of a job at its start, and all that its training step is made of. */
export async function describeStep(
  config: ExperimentConfig,
  material: Material,
): Promise<{ readonly model: Model; readonly options: TrainerOptions }> {
  const { dataset } = material;
  const heads = layOutHeads(dataset.table, dataset.targets);
  const shapes = {
    inputs: dataset.inputs,
    outputs: countOutputs(heads),
    targets: heads.map(({ width }) => width),
  };
  const model = await loadModel(config.model, shapes);
  const [objective, optimizer] = await Promise.all([
    loadObjective(config.objective, heads, {
      groups: countGroups(config, dataset),
      environments: countEnvironments(config, material),
    }),
    loadOptimizer(config.training, sparedParameters(model), restartOf(config.objective)),
  ]);
  const parameters = initialParameters(model, config.seed);
  const aids = computeAids(model, parameters);
  const { loss: measure, opponent, state = {} } = objective;
  const names = Object.keys(model.parameters);
  const frozen = listFrozen(names, frozenParameters(model), config.training.train_only);
  const trained = names.filter((name) => !frozen.includes(name));
  const apply = (all: TensorMap, batch: TensorMap, numbers: Quantities) =>
    model.apply(all, batch, model.usesRandom === true ? readKey(numbers) : undefined);
  return {
    model,
    options: {
      parameters: {
        ...parameters,
        ...aids,
        ...(opponent && initialParameters(opponent, config.seed)),
        ...initialParameters({ parameters: state }, config.seed),
      },
      frozen: [...frozen, ...Object.keys(aids), ...Object.keys(state)],
      optimizer,
      loss: (parameters, batch, numbers) => {
        const result = measure(apply(parameters, batch, numbers), batch, numbers, {
          parameters: pick(parameters, trained),
          state: pick(parameters, Object.keys(state)),
        });
        if (model.penalty === undefined) return result;
        const penalty = model.penalty.loss(parameters);
        if (result instanceof Tensor) return add(result, penalty);
        return { ...result, loss: add(result.loss, penalty) };
      },
      ...(opponent && {
        opposition: {
          parameters: Object.keys(opponent.parameters),
          loss: (parameters, batch, numbers) =>
            opponent.loss(parameters, apply(parameters, batch, numbers), batch, numbers),
          combine: opponent.combine,
        },
      }),
      steps: config.training.steps,
    },
  };
}

function pick(tensors: TensorMap, names: readonly string[]): TensorMap {
  return Object.fromEntries(names.map((name) => [name, tensors[name]!]));
}

/** Environments of the training set; 0 where the objective does not compare them. */
function countEnvironments(config: ExperimentConfig, material: Material): number {
  if (!comparesEnvironments(config.objective)) return 0;
  return trainingEnvironments(material, config)!.names.length;
}

/** Levels of the protected variable; 0 where the objective does not ask for it. */
function countGroups({ objective }: ExperimentConfig, dataset: Dataset): number {
  if (!columnsOf(objective).includes('protected')) return 0;
  return protectedVariable(dataset, `the objective ${objective.name}`).levels.length;
}

/**
 * What enters update number `step`, from 0, besides its batch and its learning rate: the numbers of the objective, and
 * the key of the step's draws.
 */
export function stepNumbers(
  { usesRandom = false }: Model,
  { objective, seed }: Pick<ExperimentConfig, 'objective' | 'seed'>,
  step: number,
): Readonly<Record<string, number>> {
  const numbers = numbersOf(objective, step);
  return usesRandom ? { ...numbers, ...keyInputs(stepKey(seed, step)) } : numbers;
}

/** The inputs of a step that is only prepared or timed. */
export function exampleInputs(model: Model, config: ExperimentConfig): StepInputs {
  return { learningRate: config.training.optimizer.learning_rate, ...stepNumbers(model, config, 0) };
}
