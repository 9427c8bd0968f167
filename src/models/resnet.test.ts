import { describe, expect, it } from 'vitest';
import { MODELS } from '../config/schema/sections/models.js';
import { loadModel } from './index.js';
import { countParameters, frozenParameters } from './initialise.js';
import type { ModelShapes } from './model.js';

const photographs: ModelShapes = { inputs: { image: [224, 224, 3] }, outputs: 1000 };
const bottlenecks = { name: 'resnet', block: 'bottleneck', layers: [3, 4, 6, 3] };

describe('published networks have the parameters of timm', () => {
  it.each([
    ['resnet18', { name: 'resnet' }, 11_689_512],
    ['resnet50', bottlenecks, 25_557_032],
    ['resnet50d', { ...bottlenecks, stem: 'deep', shortcut: 'mean' }, 25_576_264],
  ])('%s', async (_, options, count) => {
    expect(countParameters(await loadModel(MODELS.resnet.parse(options), photographs))).toBe(count);
  });

  it('vit_base_patch16_224', async () => {
    const options = MODELS.vit.parse({ name: 'vit', width: 768, layers: 12, heads: 12, patch: 16 });
    expect(countParameters(await loadModel(options, photographs))).toBe(86_567_656);
  });
});

describe('a residual network', () => {
  it('leaves the statistics of its norms as they are', async () => {
    const model = await loadModel(
      MODELS.resnet.parse({ name: 'resnet', layers: [1], width: 2 }),
      photographs,
    );
    expect(frozenParameters(model)).toEqual(
      ['stem/norm1', 'stage1/block1/norm1', 'stage1/block1/norm2'].flatMap((norm) => [
        `${norm}/mean`,
        `${norm}/variance`,
      ]),
    );
  });

  it('refuses what has no sides, or sides that are too short', async () => {
    const build = (shape: number[]) =>
      loadModel(MODELS.resnet.parse({ name: 'resnet' }), { inputs: { image: shape }, outputs: 2 });
    await expect(build([7, 20, 3])).rejects.toThrow(
      'the model resnet needs images with sides of 8 pixels or more, but the dataset has image [7, 20, 3]',
    );
    await expect(build([20])).rejects.toMatchObject({ code: 'E_MODEL_INPUT' });
  });
});
