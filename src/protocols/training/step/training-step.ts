import { add, Tensor } from '@tensorflow/tfjs-core';
import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import type { Dataset } from '../../../datasets/dataset.js';
import type { StepInputs, TensorMap, TrainerOptions } from '../../../engine/engine.js';
import { keyInputs, readKey } from '../../../engine/ops/random-uniform.js';
import { loadModel } from '../../../models/index.js';
import { frozenParameters, initialParameters, sparedParameters } from '../../../models/initialise.js';
import type { Model } from '../../../models/model.js';
import { bodyOf, featureWidth, readOut } from '../../../models/read-out.js';
import { type GroupCounts, loadObjective } from '../../../objectives/index.js';
import type { Network, Objective } from '../../../objectives/objective.js';
import {
  averageStartOf,
  columnsOf,
  comparesEnvironments,
  numbersOf,
  readsFeatures,
  widenInputs,
} from '../../../objectives/traits.js';
import { stepKey } from '../../../random/step-key.js';
import type { AverageOptions } from '../../../training/optimizers/average.js';
import { loadOptimizer } from '../../../training/optimizers/index.js';
import { listFrozen } from '../../../training/train-only.js';
import { countOutputs, type Head, layOutHeads } from '../../../variables/targets.js';
import type { Material } from '../../prepare.js';
import { trainingEnvironments } from '../batches/environments.js';
import { protectedVariable } from '../groups/columns.js';
import { describeAveraged } from './averaged-model.js';
import { computeAids } from './penalty.js';
import { groupsIn, restartsIn } from './read-out-first.js';

/** The model of a job at its start, and all that its training step is made of. */
export async function describeStep(config: ExperimentConfig, material: Material): Promise<Described> {
  const { dataset } = material;
  const heads = layOutHeads(dataset.table, dataset.targets);
  const shapes = {
    inputs: widenInputs(config.objective, dataset.inputs),
    outputs: countOutputs(heads),
    targets: heads.map(({ width }) => width),
  };
  const model = await loadModel(config.model, shapes);
  const described = await assembleStep(config, model, heads, {
    groups: countGroups(config, dataset),
    environments: countEnvironments(config, material),
    inputs: dataset.inputs,
  });
  return config.protocol.name === 'averaged' ? describeAveraged(described, config.protocol) : described;
}

export interface Described {
  /** As it predicts, which the objective may decide. */
  readonly model: Model;
  readonly options: TrainerOptions;
}

/** The same for a model and the heads of its outputs. */
export async function assembleStep(
  config: ExperimentConfig,
  model: Model,
  heads: readonly Head[],
  counts: Omit<GroupCounts, 'width' | 'body'>,
): Promise<Described> {
  const network = takeApart(model);
  const [objective, optimizer] = await Promise.all([
    loadObjective(config.objective, heads, { ...counts, width: network.width, body: bodyOf(model) }),
    loadOptimizer(
      { ...config.training, average: chooseAverage(config) },
      sparedParameters(model),
      restartsIn(config),
      groupsIn(config, counts.environments ?? 0, model),
    ),
  ]);
  const parameters = initialParameters(model, config.seed);
  const aids = computeAids(model, parameters);
  const { opponent, state = {}, parts = {} } = objective;
  const names = Object.keys(model.parameters);
  const frozen = listFrozen(names, frozenParameters(model), config.training.train_only);
  const trained = [...names.filter((name) => !frozen.includes(name)), ...Object.keys(parts)];
  if (readsFeatures(config.objective) && network.width === 0) throw refuseFeatures(config);
  if (objective.step !== undefined && model.penalty !== undefined) throw refusePenalty(config);
  const begin = (specs: typeof state) => initialParameters({ parameters: specs }, config.seed);
  return {
    model: withPrediction(model, objective, network),
    options: {
      parameters: {
        ...parameters,
        ...aids,
        ...begin(opponent?.parameters ?? {}),
        ...begin(parts),
        ...begin(state),
      },
      frozen: [...frozen, ...Object.keys(aids), ...Object.keys(state)],
      optimizer,
      loss: (parameters, batch, numbers) => {
        const within = {
          parameters: pick(parameters, trained),
          all: parameters,
          state: pick(parameters, Object.keys(state)),
          network,
        };
        const result =
          objective.direct?.(network, batch, numbers, within) ??
          objective.loss!(network.apply(parameters, batch, numbers), batch, numbers, within);
        if (model.penalty === undefined) return result;
        const penalty = model.penalty.loss(parameters);
        if (result instanceof Tensor) return add(result, penalty);
        return { ...result, loss: add(result.loss, penalty) };
      },
      ...(objective.step && {
        ownStep: (tools, state, batch, numbers) => objective.step!(tools, state, batch, numbers, network),
      }),
      ...(opponent && {
        opposition: {
          parameters: Object.keys(opponent.parameters),
          loss: (parameters, batch, numbers) =>
            opponent.loss(parameters, network.apply(parameters, batch, numbers), batch, numbers),
          combine: opponent.combine,
        },
      }),
      steps: config.training.steps,
    },
  };
}

/**
 * A model that predicts as its objective does, where that has a way of its own and its parameters are at hand: a network
 * that is adapted has left them behind.
 */
function withPrediction(model: Model, { predict, see, parts = {} }: Objective, network: Network): Model {
  if (see !== undefined) return withSight(model, see);
  if (predict === undefined) return model;
  return {
    ...model,
    apply(parameters, inputs, random) {
      if (Object.keys(parts).some((name) => !(name in parameters)))
        return model.apply(parameters, inputs, random);
      return { prediction: predict(network, parameters, inputs) };
    },
  };
}

/** A model that is given other inputs than the dataset's. */
function withSight(model: Model, see: Required<Objective>['see']): Model {
  const { apply, features } = model;
  return {
    ...model,
    apply: (parameters, inputs, random) => apply(parameters, see(parameters, inputs), random),
    ...(features && {
      features: (parameters, inputs) => features(parameters, see(parameters, inputs)),
    }),
  };
}

/** A model as objectives see it: of one that draws there are no features, since two parts would draw apart. */
function takeApart(model: Model): Network {
  const { apply, features, usesRandom = false } = model;
  const width = usesRandom ? 0 : featureWidth(model);
  return {
    apply(parameters, inputs, numbers) {
      if (width === 0) return apply(parameters, inputs, usesRandom ? readKey(numbers) : undefined);
      const read = features!(parameters, inputs);
      return { prediction: readOut(parameters, read), features: read };
    },
    readOut,
    width,
  };
}

/** The average of the weights that the config asks for, or else the objective. */
function chooseAverage({ training, objective }: ExperimentConfig): AverageOptions {
  if (training.average.valley !== undefined) {
    return { decay: 'mean', start: 0, every: training.monitor.every };
  }
  const start = averageStartOf(objective);
  const { decay } = training.average;
  if (start === undefined || decay !== null) return { decay, start: training.average.start };
  return { decay: 'mean', start };
}

function refuseFeatures({ model, objective }: ExperimentConfig): HeldoutError {
  return new HeldoutError({
    code: 'E_OBJECTIVE_FEATURES',
    message: `the objective ${objective.name} looks at what a linear read-out reads, and the model ${model.name} has none`,
    place: 'objective.name',
    hints: ['model=mlp, cnn, digit_cnn, patch_mlp, resnet and vit have one', 'objective=cross_entropy'],
  });
}

function refusePenalty({ model, objective }: ExperimentConfig): HeldoutError {
  return new HeldoutError({
    code: 'E_OBJECTIVE_PENALTY',
    message: `the objective ${objective.name} makes updates of its own, which would leave out the penalty of the model ${model.name}`,
    place: 'objective.name',
    hints: ['model=mlp has no penalty', 'objective=cross_entropy'],
  });
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
