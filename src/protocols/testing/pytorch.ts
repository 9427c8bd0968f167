import { expect, it } from 'vitest';
import type { Engine, TrainerOptions } from '../../engine/engine.js';
import { loadModel } from '../../models/index.js';
import {
  differenceTo,
  type GoldenCase,
  goldenBatch,
  goldenParameters,
  readGolden,
} from '../../models/testing/golden.js';
import { readGradients } from '../../models/testing/gradients.js';
import { squaredError } from '../../objectives/squared-error.js';
import { createAdam } from '../../training/optimizers/adam.js';

const { batchSize, cases, learningRate, steps } = readGolden();
const adam = createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
const tolerance = 1e-4;

export const titledCases = cases.map(
  (golden) => [`${golden.name}, ${golden.channels} channels`, golden] as const,
);

async function build(engine: Engine, golden: GoldenCase) {
  const model = await loadModel(
    golden.name === 'cnn' ? { name: 'cnn' } : { name: 'mlp', widths: [90, 90, 90, 90, 22] },
    { inputs: { image: [64, 64, golden.channels] }, outputs: golden.outputs },
  );
  const loss: TrainerOptions['loss'] = (parameters, batch) =>
    squaredError(model.apply(parameters, batch), batch);
  const parameters = goldenParameters(golden);
  return { model, loss, parameters, trainer: engine.createTrainer({ parameters, optimizer: adam, loss }) };
}

/** Compares outputs, loss and gradients on one batch with PyTorch's. */
export async function compareOnBatch(engine: Engine, golden: GoldenCase, b: number): Promise<void> {
  const { model, loss, parameters, trainer } = await build(engine, golden);
  const expected = golden.batches[b]!;
  const batch = goldenBatch(golden, batchSize, b);
  const { prediction } = trainer.inference(model.apply)(batch);
  trainer.dispose();
  expect(differenceTo({ values: expected.outputs.flat() }, prediction!.data).largest).toBeLessThan(tolerance);
  const found = readGradients(engine, parameters, loss, batch);
  expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(tolerance);
  for (const [name, summary] of Object.entries(expected.gradients)) {
    expect(differenceTo(summary, found.gradients[name]!.data).largest, name).toBeLessThan(tolerance);
  }
}

/** The tests of an engine against PyTorch's numbers. */
export function testAgainstPyTorch(engine: () => Engine): void {
  it.each(titledCases)('agree on outputs, loss and gradients of %s', async (_, golden) => {
    for (const b of golden.batches.keys()) await compareOnBatch(engine(), golden, b);
  });

  it.each(titledCases)('agree after ten steps of Adam on %s', async (_, golden) => {
    const { trainer } = await build(engine(), golden);
    const batches = golden.batches.map((_batch, b) => goldenBatch(golden, batchSize, b));
    for (let step = 0; step < steps; step++) {
      const loss = trainer.step(batches[step % batches.length]!, { learningRate });
      expect(Math.abs(loss / golden.adam.losses[step]! - 1)).toBeLessThan(tolerance);
    }
    const { parameters } = trainer.state();
    trainer.dispose();
    // Adam divides a gradient by its own size: where it is nearly zero, rounding alone decides the step.
    for (const [name, summary] of Object.entries(golden.adam.weights)) {
      expect(differenceTo(summary, parameters[name]!.data).typical, name).toBeLessThan(tolerance);
    }
  });
}
