import { greater, type Tensor, where } from '@tensorflow/tfjs-core';
import type { Optimizer, Quantities, Quantity, TensorMap } from '../../engine/engine.js';
import { groupOf, type UpdateGroup } from '../../engine/update-group.js';
import { lastRestart } from './restart.js';

/** A group with the optimiser that its parameters have. */
export interface OwnedGroup extends UpdateGroup {
  readonly optimizer: Optimizer;
}

export interface GroupsOptions {
  /** Of which the learning rate of a step is a multiple. */
  readonly learningRate: number;
  /** The updates, from 0, before which all groups begin anew; their slots are `clearSlots`' to clear. */
  readonly restarts: readonly number[];
}

/**
 * One optimiser out of several, each of which has its own parameters: with its own learning rate, decays of means and
 * turns, and its own count of updates, so that Adam's corrections are those of what it has seen. `numbers` has what each
 * update within a step takes as `group/place/name`, and whether it is the group's turn as `group/turn`, 0 or 1. All keep
 * the same slots.
 */
export function joinGroups(groups: readonly OwnedGroup[], options: GroupsOptions): Optimizer {
  return {
    slots: groups[0]!.optimizer.slots,
    numbers(inputs, step) {
      const begun = lastRestart(options.restarts, step);
      const all: Record<string, number> = {};
      for (const { name, optimizer, times = 1, turns = every, learningRate } of groups) {
        if (turns !== every) all[`${name}/turn`] = turns(step) - turns(step - 1);
        const own = learningRate?.(step) ?? options.learningRate;
        const rated = { ...inputs, learningRate: (inputs.learningRate / options.learningRate) * own };
        const done = Math.max(0, turns(step) - 1 - turns(begun)) * times;
        for (let place = 0; place < times; place++) {
          const numbers = { learningRate: rated.learningRate, ...optimizer.numbers(rated, done + place + 1) };
          for (const key in numbers) all[`${name}/${place}/${key}`] = numbers[key as 'learningRate'];
        }
      }
      return all;
    },
    update(parameter, gradient, slots, numbers, name = '', place = 0) {
      const group = groupOf(groups, name);
      const own = withoutPrefix(`${group.name}/${place}/`, numbers);
      const turn = numbers[`${group.name}/turn`];
      const update = () => group.optimizer.update(parameter, gradient, slots, own, name);
      if (turn === undefined || turn === 1) return update();
      if (turn === 0) return { parameter, slots };
      const updated = update();
      return {
        parameter: choose(turn, updated.parameter, parameter),
        slots: mapTensors(updated.slots, (tensor, slot) => choose(turn, tensor, slots[slot]!)),
      };
    },
  };
}

const every = (steps: number): number => steps;

function withoutPrefix(prefix: string, numbers: Quantities): Quantities {
  const own: Record<string, Quantity> = {};
  for (const name in numbers) {
    if (name.startsWith(prefix)) own[name.slice(prefix.length)] = numbers[name]!;
  }
  return own;
}

function choose(turn: Quantity, updated: Tensor, before: Tensor): Tensor {
  return where(greater(turn, 0.5), updated, before);
}

function mapTensors(tensors: TensorMap, map: (tensor: Tensor, name: string) => Tensor): TensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor, name)]));
}
