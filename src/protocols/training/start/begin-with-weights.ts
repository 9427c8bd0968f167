import { basename } from 'node:path';
import { adoptWeights } from '../../../models/pretrained/adopt-weights.js';
import { openSafetensors } from '../../../runs/checkpoints/open-safetensors.js';
import type { JobContext } from '../../context.js';
import { ofChannels } from '../batches/feed.js';
import type { Described } from './network.js';
import { findWeights, weightsKey } from './weights-file.js';

/** A training that begins with the weights of a file, where the model names one. */
export async function beginWithWeights(
  { config, run, dataFolder }: JobContext,
  { material, model, options, checkpoint }: Described,
) {
  const { model: chosen } = config;
  if (checkpoint !== undefined || (chosen.name !== 'resnet' && chosen.name !== 'vit')) return { options };
  if (chosen.weights == null) {
    if (chosen.name === 'resnet') {
      run.warn(
        'the batch norms of the model resnet are frozen, and without weights to begin with (model.weights) they normalise nothing',
      );
    }
    return { options };
  }
  const { path, sha256 } = await findWeights(chosen, dataFolder);
  const file = openSafetensors(path, weightsKey);
  const { parameters, notes } = adoptWeights(model, chosen, material.dataset.inputs, file);
  const how = describeNormalisation(material.dataset.normalise);
  run.log(['begins with the weights of', basename(path), `(${sha256.slice(0, 10)});`, how].join(' '));
  for (const note of notes) run.log(`weights: ${note}`);
  return {
    options: { ...options, parameters: { ...options.parameters, ...parameters } },
    origin: { file: basename(path), weights: sha256 },
  };
}

/** Networks expect the images that they were trained on: nothing else tells how these were normalised. */
function describeNormalisation(how: Described['material']['dataset']['normalise']): string {
  if (how === undefined) return 'images enter as numbers from 0 to 1';
  const tell = (one: number | readonly number[]) => ofChannels(one).join(', ');
  return `images enter with mean ${tell(how.mean)} and scale ${tell(how.scale)} taken off`;
}
