import { tidy } from '@tensorflow/tfjs-core';
import { toTensors } from '../../../engine/arrays.js';
import type { NamedArrays, SharedTrainer } from '../../../engine/engine.js';
import type { Model } from '../../../models/model.js';
import type { LoopOptions } from '../../../training/loop.js';

/**
 * What a model's penalty takes besides parameters, as it is in force at these parameters. A step has it as frozen
 * parameters, so that checkpoints hold it.
 */
export function computeAids({ penalty }: Model, parameters: NamedArrays): NamedArrays {
  return penalty?.aids?.compute(parameters) ?? {};
}

/** Brings the aids up to date with the parameters; undefined where there are none. */
export function createRefresh(model: Model, trainer: SharedTrainer): LoopOptions['refresh'] {
  const { penalty } = model;
  if (penalty?.aids === undefined) return undefined;
  return {
    every: penalty.aids.every,
    run: () => trainer.write(computeAids(model, trainer.read(penalty.parameters))),
  };
}

/** The penalty at the current parameters, with the aids that belong to them; undefined where there is none. */
export function measurePenalty(model: Model, trainer: SharedTrainer): number | undefined {
  const { penalty } = model;
  if (penalty === undefined) return undefined;
  const parameters = trainer.read(penalty.parameters);
  const arrays = { ...parameters, ...computeAids(model, parameters) };
  let value = Number.NaN;
  tidy(() => {
    value = penalty.loss(toTensors(arrays)).dataSync()[0]!;
  });
  return value;
}
