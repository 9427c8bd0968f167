import { add, concat, mean, reshape, type Scalar, type Tensor, zeros } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import type { Objective } from '../../objective.js';
import { partPrefix, statePrefix } from '../../own-parameters.js';
import { type EnvironmentHead, exampleLosses } from '../risks.js';
import { imageContext } from './context-images.js';
import { type ContextOptions, vectorContext } from './context-net.js';

export interface ArmOptions extends ContextOptions {
  /** Whether the context net is trained. In DomainBed it is not: the optimiser is made before it. */
  readonly train_context: boolean;
}

/** The one input of a model: its name, and its shape `[height, width, channels]` or `[numbers]`. */
export interface SeenInput {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Adaptive risk minimisation (Zhang, Marklund, Dhawan, Gupta, Levine & Finn, Adaptive Risk Minimization: Learning to Adapt to
 * Domain Shift, NeurIPS 2021), by context: a net of its own looks at every example, and the mean of what it gives over
 * an environment's rows is appended to the inputs of these, as further channels of an image or further numbers of a
 * vector. The loss is cross-entropy. Of images the net has three convolutions of 5×5, zero-padded (`imageContext`), of
 * vectors two dense layers. Predictions take the whole batch that is to be predicted for context, so that they depend on
 * it, as in DomainBed. Without the net's parameters the context is zero.
 */
export function createArm(options: ArmOptions, of: EnvironmentHead, input: SeenInput): Objective {
  const prefix = `${options.train_context ? partPrefix : statePrefix}context`;
  const { shape } = input;
  const net =
    shape.length === 3 ? imageContext(prefix, options, shape[2]!) : vectorContext(prefix, options, shape[0]!);
  const weights = net.parameters;
  return {
    parts: options.train_context ? weights : {},
    state: { ...net.moments, ...(options.train_context ? {} : weights) },
    direct(network, batch, numbers, { all }) {
      const { context, moments } = net.learn(all, batch[input.name]!);
      const seen = append(batch, input, spread(context, of.environments));
      const outputs = network.apply(all, seen, numbers);
      return { loss: mean<Scalar>(exampleLosses(of, outputs, batch)), statistics: moments };
    },
    see(parameters, inputs) {
      const x = inputs[input.name]!;
      const known = Object.keys(weights).every((name) => name in parameters);
      const shape = [...x.shape.slice(0, -1), options.context];
      return append(inputs, input, known ? spread(net.apply(parameters, x), 1) : zeros(shape));
    },
  };
}

/** The mean over every environment's rows, for each of these. */
function spread(context: Tensor, environments: number): Tensor {
  const { shape } = context;
  const each = reshape(context, [environments, shape[0]! / environments, -1]);
  // By a sum, of which every backend has the gradient.
  return reshape(add(zeros(each.shape), mean(each, 1, true)), shape);
}

function append(inputs: TensorMap, { name }: SeenInput, context: Tensor): TensorMap {
  return { ...inputs, [name]: concat([inputs[name]!, context], -1) };
}
