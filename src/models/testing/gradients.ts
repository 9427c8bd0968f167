import type { Engine, NamedArray, NamedArrays, Optimizer, TrainerOptions } from '../../engine/engine.js';

/** Changes nothing and keeps the gradient, where it can be read. */
const recorder: Optimizer = {
  slots: ['gradient'],
  numbers: () => ({}),
  update: (parameter, gradient) => ({ parameter: parameter.clone(), slots: { gradient: gradient.clone() } }),
};

/** The loss and the gradient of every parameter, as the engine computes them in a training step. */
export function readGradients(
  engine: Pick<Engine, 'createTrainer'>,
  parameters: NamedArrays,
  loss: TrainerOptions['loss'],
  batch: NamedArrays,
  numbers: Readonly<Record<string, number>> = {},
): { readonly loss: number; readonly gradients: Readonly<Record<string, NamedArray>> } {
  const trainer = engine.createTrainer({ parameters, optimizer: recorder, loss });
  try {
    const value = trainer.step(batch, { learningRate: 0, ...numbers });
    const { slots } = trainer.state();
    const gradients = Object.keys(parameters).map((name) => [name, slots[`${name}/gradient`]!] as const);
    return { loss: value, gradients: Object.fromEntries(gradients) };
  } finally {
    trainer.dispose();
  }
}
