import { describe, expect, it } from 'vitest';
import { openSafetensors } from '../../runs/checkpoints/open-safetensors.js';
import { loadModel } from '../index.js';
import { adoptWeights, type PretrainedConfig } from './adopt-weights.js';
import type { WeightsFile } from './counterpart.js';
import { smallModels, weightsPath } from './testing/golden.js';

const open = (file: string) => openSafetensors(weightsPath(`${file}.safetensors`), 'model.weights');

async function adopt(
  config: PretrainedConfig,
  file: WeightsFile,
  { outputs = 5, image = [32, 32, 3] }: { readonly outputs?: number; readonly image?: number[] } = {},
) {
  const inputs = { image };
  return adoptWeights(await loadModel(config, { inputs, outputs }), config, inputs, file);
}

/** A file without some arrays and with others. */
function change(file: WeightsFile, without: RegExp, more: WeightsFile['shapes'] = {}): WeightsFile {
  const kept = Object.entries(file.shapes).filter(([name]) => !without.test(name));
  return { ...file, shapes: { ...Object.fromEntries(kept), ...more } };
}

describe('weights of a file', () => {
  it.each(['resnet-d', 'vit'])('are taken but for a read-out of other classes: %s', async (file) => {
    const { parameters, notes } = await adopt(smallModels[file]!, open(file), { outputs: 7 });
    expect(notes).toEqual(["the read-out is new, with 7 outputs: the file's has 5"]);
    expect(Object.keys(parameters).filter((name) => name.startsWith('read-out'))).toEqual([]);
    const whole = await adopt(smallModels[file]!, open(file));
    expect(whole.notes).toEqual([]);
    expect(Object.keys(whole.parameters)).toEqual(
      expect.arrayContaining([...Object.keys(parameters), 'read-out/kernel', 'read-out/bias']),
    );
    const none = await adopt(smallModels[file]!, change(open(file), /^(fc|head)\./), { outputs: 1 });
    expect(none.notes).toEqual(["the read-out is new, with 1 output: the file's has none"]);
  });

  it('have positions for other images, and say so', async () => {
    const { notes } = await adopt(smallModels.vit!, open('vit'), { image: [24, 48, 3] });
    expect(notes).toEqual(['positions of 4 x 4 patches are interpolated to 3 x 6']);
  });

  it('are refused with what is missing, unknown and shaped otherwise, and with words for their own model', async () => {
    const { message, hints } = await refusal(adopt(smallModels['resnet-basic']!, open('resnet-d')));
    expect(message).toContain(
      'are not those of the model resnet: it lacks conv1.weight, layer1.1.conv1.weight',
    );
    expect(message).toMatch(/it lacks .* and 19 more; it has beyond conv1\.0\.weight, .* and 59 more; /);
    expect(message).toContain('layer1.0.conv1.weight [4, 4, 1, 1] for [4, 4, 3, 3]');
    expect(hints[0]).toBe(
      "model=resnet model.block=bottleneck 'model.layers=[1,2,1,1]' model.width=4 model.stem=deep model.shortcut=mean  (by the names and shapes in the file)",
    );
  });

  it('of a network with further parts are refused, however much of it is known', async () => {
    const excited = change(open('resnet-d'), /^$/, { 'layer1.0.se.fc1.weight': [1, 4, 1, 1] });
    const { message, hints } = await refusal(adopt(smallModels['resnet-d']!, excited));
    expect(message).toContain('are not those of the model resnet: it has beyond layer1.0.se.fc1.weight');
    expect(hints).toHaveLength(1);
    expect(hints[0]).toContain('without further parts');
  });

  it('name the channels of the images that they are for, and the size of a ViT', async () => {
    const grey = await refusal(adopt(smallModels.vit!, open('vit'), { image: [32, 32, 1] }));
    expect(grey.message).toContain(
      'it has otherwise patch_embed.proj.weight [32, 3, 8, 8] for [32, 1, 8, 8]',
    );
    expect(grey.hints[0]).toBe('dataset.channels=3  (channels of the images that the file is for)');
    const deep = { ...smallModels.vit!, layers: 3 } as PretrainedConfig;
    const { hints } = await refusal(adopt(deep, open('vit')));
    expect(hints[0]).toContain('model=vit model.width=32 model.layers=2 model.heads=HEADS');
    const base = Array.from({ length: 12 }, (_, at) => [`blocks.${at}.norm1.weight`, [768]]);
    const shapes = {
      ...{ 'patch_embed.proj.weight': [768, 3, 16, 16], 'blocks.0.mlp.fc1.weight': [3072, 768] },
      ...Object.fromEntries(base),
    };
    const known = await refusal(adopt(smallModels.vit!, change(open('vit'), /./, shapes)));
    expect(known.hints[0]).toContain('model=vit_base_patch16');
  });
});

async function refusal(
  refused: Promise<unknown>,
): Promise<{ readonly message: string; readonly hints: readonly string[] }> {
  const error = await refused.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'E_WEIGHTS_FIT', place: 'model.weights', exitCode: 1 });
  return error as { message: string; hints: readonly string[] };
}
