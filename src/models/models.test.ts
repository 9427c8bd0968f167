import { describe, expect, it } from 'vitest';
import { loadModel, type ModelConfig } from './index.js';
import { countParameters, initialParameters } from './initialise.js';
import type { ModelShapes } from './model.js';
import { readGolden } from './testing/golden.js';

const cnn: ModelConfig = { name: 'cnn' };
const mlpOf = (...widths: number[]): ModelConfig => ({ name: 'mlp', widths });
const mlp = mlpOf(90, 90, 90, 90, 22);
const images = (channels: number, outputs: number): ModelShapes => ({
  inputs: { image: [64, 64, channels] },
  outputs,
});

describe('parameter counts of Schott et al.', () => {
  it.each([
    [1, 5],
    [1, 1],
    [3, 6],
    [3, 7],
  ])('cnn, %i channels, %i outputs', async (channels, outputs) => {
    const model = await loadModel(cnn, images(channels, outputs));
    expect(countParameters(model)).toBe((channels === 1 ? 377_792 : 378_816) + 257 * outputs);
  });

  it.each([1, 5])('mlp, 1 channel, %i outputs', async (outputs) => {
    const model = await loadModel(mlp, images(1, outputs));
    expect(countParameters(model)).toBe(395_302 + 23 * outputs);
  });
});

describe('initialParameters', () => {
  it("draws from PyTorch's distributions", async () => {
    for (const golden of readGolden().cases) {
      const model = await loadModel(
        golden.name === 'mlp' ? mlp : cnn,
        images(golden.channels, golden.outputs),
      );
      expect(Object.entries(model.parameters).map(([name, { shape }]) => ({ name, shape }))).toEqual(
        golden.parameters.map(({ name, shape }) => ({ name, shape })),
      );
      const parameters = initialParameters(model, 3);
      for (const { name, fanIn } of golden.parameters) {
        const data = Array.from(parameters[name]!.data);
        const bound = 1 / Math.sqrt(fanIn);
        const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(model.parameters[name]!.initializer).toEqual({ kind: 'uniform', bound });
        expect(largest).toBeLessThanOrEqual(Math.fround(bound));
        // PyTorch's own draws lie within the same bound, and reach up to it.
        expect(golden.initial[name]!.largest).toBeLessThanOrEqual(Math.fround(bound));
        expect(golden.initial[name]!.largest).toBeGreaterThan(0.9 * bound);
        if (data.length < 1000) continue;
        const deviation = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
        expect(largest).toBeGreaterThan(0.99 * bound);
        expect(deviation / golden.initial[name]!.deviation).toBeCloseTo(1, 1);
        expect(deviation / (bound / Math.sqrt(3))).toBeCloseTo(1, 1);
      }
    }
  });

  it('gives a layer the same values whatever other layers there are', async () => {
    const small = initialParameters(await loadModel(mlpOf(8, 8), images(1, 5)), 0);
    const deep = initialParameters(await loadModel(mlpOf(8, 8, 8), images(1, 5)), 0);
    const added = Object.keys(deep).filter((name) => small[name] === undefined);
    expect(added).toEqual(['dense3/kernel', 'dense3/bias']);
    for (const name of Object.keys(small)) expect(deep[name]).toEqual(small[name]);
  });

  it('gives every parameter and every seed its own values', async () => {
    const model = await loadModel(mlpOf(8, 8, 8), images(1, 5));
    const [first, again, other] = [0, 0, 1].map((seed) => initialParameters(model, seed));
    expect(again).toEqual(first);
    expect(other!['dense2/kernel']).not.toEqual(first!['dense2/kernel']);
    expect(first!['dense3/kernel']!.data).not.toEqual(first!['dense2/kernel']!.data);
  });
});

describe('loadModel', () => {
  it('refuses a reference, which has no network', async () => {
    await expect(loadModel({ name: 'train_mean' }, images(1, 5))).rejects.toMatchObject({
      code: 'E_MODEL_UNKNOWN',
      hints: ['use one of: cnn, digit_cnn, mlp, patch_mlp, resnet, nac, vit, neural_interpreter'],
    });
  });

  it('builds the CNN for other images, whose rest the last convolution covers', async () => {
    const model = await loadModel(cnn, { inputs: { image: [32, 32, 3] }, outputs: 19 });
    expect(model.parameters['conv5/kernel']!.shape).toEqual([2, 2, 64, 256]);
    expect(model.parameters['read-out/kernel']!.shape).toEqual([256, 19]);
  });

  it('refuses inputs that do not fit', async () => {
    await expect(loadModel(cnn, { inputs: { image: [28, 28, 1] }, outputs: 2 })).rejects.toMatchObject({
      code: 'E_MODEL_INPUT',
      message:
        'the model cnn needs square images with a side that is a multiple of 16, but the dataset has image [28, 28, 1]',
    });
    await expect(loadModel(mlp, { inputs: { left: [4], right: [4] }, outputs: 2 })).rejects.toMatchObject({
      code: 'E_MODEL_INPUT',
    });
  });
});
