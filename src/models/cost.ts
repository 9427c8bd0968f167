import { dispose, tidy, zeros } from '@tensorflow/tfjs-core';
import { countMultiplyAdds } from '../engine/profile/multiply-adds.js';
import { countParameters } from './initialise.js';
import type { Model, ModelShapes } from './model.js';

/** How large a model is. */
export interface Cost {
  /** Trainable values. */
  readonly parameters: number;
  /** Of one more example in a batch of the evaluation: what depends on parameters alone is computed once for all. */
  readonly multiplyAdds: number;
}

/** Counts on the backend that has been started, in a forward pass over one example and one over two. */
export function measureCost(model: Model, { inputs }: Pick<ModelShapes, 'inputs'>): Cost {
  const parameters = tidy(() =>
    Object.fromEntries(
      Object.entries(model.parameters).map(([name, { shape }]) => [name, zeros([...shape])]),
    ),
  );
  const count = (examples: number): number => {
    const batch = tidy(() =>
      Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, zeros([examples, ...shape])])),
    );
    try {
      const given = [...Object.values(parameters), ...Object.values(batch)];
      return countMultiplyAdds(given, () => void model.apply(parameters, batch));
    } finally {
      dispose(batch);
    }
  };
  try {
    return { parameters: countParameters(model), multiplyAdds: count(2) - count(1) };
  } finally {
    dispose(parameters);
  }
}
