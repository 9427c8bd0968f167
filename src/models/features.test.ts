import { beforeAll, expect, it } from 'vitest';
import { toTensors } from '../engine/arrays.js';
import { randomValues, relativeError, runOn, startBoth } from '../engine/testing/backends.js';
import { loadModel, type ModelConfig } from './index.js';
import { initialParameters } from './initialise.js';
import { dense } from './layers/dense.js';

beforeAll(startBoth);

const configs: readonly (readonly [string, number, ModelConfig])[] = [
  ['mlp', 5, { name: 'mlp', widths: [7, 5] }],
  ['cnn', 256, { name: 'cnn' }],
  ['patch_mlp', 6, { name: 'patch_mlp', patch: 4, channels: 3, width: 6 }],
  [
    'resnet',
    4,
    { name: 'resnet', block: 'basic', layers: [1, 1], width: 2, stem: 'plain', shortcut: 'stride' },
  ],
  ['vit', 8, { name: 'vit', width: 8, layers: 1, heads: 2, expansion: 2, patch: 8 }],
];

it.each(configs)('the features of %s are what its read-out reads', async (_, width, config) => {
  const model = await loadModel(config, { inputs: { image: [16, 16, 1] }, outputs: 3 });
  const image = { shape: [2, 16, 16, 1], data: randomValues(512, 1) };
  const parameters = initialParameters(model, 4);
  const [predicted, read] = runOn('wasm', () => {
    const tensors = toTensors(parameters);
    const inputs = toTensors({ image });
    const features = model.features!(tensors, inputs);
    expect(features.shape).toEqual([2, width]);
    return [model.apply(tensors, inputs).prediction!, dense(tensors, 'read-out', features, 'linear')];
  });
  expect(relativeError(predicted!, read!)).toBeLessThan(1e-6);
});
