import type { Engine, NamedArrays, Trainer } from '../../engine/engine.js';

/** A trainer that only predicts: whatever was trained, its parameters can be exchanged by `restore`. */
export function holdParameters(engine: Engine, parameters: NamedArrays): Trainer {
  return engine.createTrainer({
    parameters,
    optimizer: { slots: [], numbers: () => ({}), update: (parameter) => ({ parameter, slots: {} }) },
    loss: () => {
      throw new Error('parameters that are only looked at are not trained');
    },
  });
}
