import { expect, it } from 'vitest';
import { toTensors } from '../../../engine/arrays.js';
import { runOn } from '../../../engine/testing/backends.js';
import { openSafetensors } from '../../../runs/checkpoints/open-safetensors.js';
import { loadModel } from '../../index.js';
import { adoptWeights } from '../adopt-weights.js';
import { closedFormImage, readPretrained, smallModels, weightsPath } from './golden.js';

/** Tests that the answers on a backend are those of timm. */
export function checkParity(backend: Parameters<typeof runOn>[0]): void {
  it.each(readPretrained().nets)(`$file, $side pixels, on ${backend}`, async ({ file, side, logits }) => {
    const config = smallModels[file]!;
    const image = closedFormImage(side);
    const inputs = { image: image.shape.slice(1) };
    const model = await loadModel(config, { inputs, outputs: logits.length });
    const opened = openSafetensors(weightsPath(`${file}.safetensors`), 'model.weights');
    const { parameters } = adoptWeights(model, config, inputs, opened);
    expect(Object.keys(parameters).sort()).toEqual(Object.keys(model.parameters).sort());
    const [found] = runOn(
      backend,
      () => model.apply(toTensors(parameters), toTensors({ image })).prediction!,
    );
    for (const [at, logit] of logits.entries()) {
      expect(Math.abs(found!.data[at]! - logit), `logit ${at}`).toBeLessThan(1e-4);
    }
  });
}
