import { addN, div, type Tensor } from '@tensorflow/tfjs-core';
import type { ExperimentConfig } from '../../../config/schema/root.js';
import type { NamedArrays, TensorMap } from '../../../engine/engine.js';
import type { Model } from '../../../models/model.js';
import type { Described } from './training-step.js';

type AveragedConfig = Extract<ExperimentConfig['protocol'], { name: 'averaged' }>;

const prefixOf = (member: number) => `member${member}/`;

/**
 * A described model of which nothing is trained; of logits, several of its kind, whose outputs are averaged: member k
 * has the parameters `member<k>/NAME`, those of the objective among them.
 */
export function describeAveraged(
  { model, options }: Described,
  { of, from }: Pick<AveragedConfig, 'of' | 'from'>,
): Described {
  const { ownStep: _ownStep, opposition: _opposition, ...rest } = options;
  if (of === 'weights') {
    return { model, options: { ...rest, frozen: Object.keys(options.parameters) } };
  }
  const parameters = joinMembers(from.map(() => options.parameters));
  return {
    model: ensembleOf(model, from.length),
    options: { ...rest, parameters, frozen: Object.keys(parameters) },
  };
}

/** Parameters of all members of an ensemble, side by side. */
export function joinMembers(members: readonly NamedArrays[]): NamedArrays {
  return Object.assign({}, ...members.map((own, member) => withPrefix(own, prefixOf(member))));
}

/** Members of an ensemble whose parameters these are; 0 of a model by itself. */
export function countMembers(parameters: NamedArrays): number {
  const names = Object.keys(parameters);
  let members = 0;
  while (names.some((name) => name.startsWith(prefixOf(members)))) members++;
  return members;
}

/** What makes the mean of the outputs of so many models of a kind; it has no features. */
function ensembleOf({ features: _features, ...model }: Model, members: number): Model {
  const places = Array.from({ length: members }, (_, member) => member);
  return {
    ...model,
    parameters: Object.assign({}, ...places.map((member) => withPrefix(model.parameters, prefixOf(member)))),
    apply(parameters, inputs, random) {
      const found = places.map((member) => model.apply(ownOf(parameters, member), inputs, random));
      return Object.fromEntries(
        Object.keys(found[0]!).map((name) => [name, div(addN(found.map((one) => one[name]!)), members)]),
      ) as Readonly<Record<string, Tensor>>;
    },
  };
}

function ownOf(parameters: TensorMap, member: number): TensorMap {
  const prefix = prefixOf(member);
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
}

function withPrefix<T>(named: Readonly<Record<string, T>>, prefix: string): Record<string, T> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [`${prefix}${name}`, value]));
}
