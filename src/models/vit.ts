import { add, broadcastTo, concat, reshape, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../engine/engine.js';
import { convolution, linear } from '../engine/ops/fused.js';
import { attentionParameters, multiHeadAttention } from './layers/attention.js';
import { denseParameters } from './layers/dense.js';
import { layerNorm, normParameters } from './layers/layer-norm.js';
import { readPatchedImage } from './layers/patches.js';
import type { Initializer, Model, ModelShapes, ParameterSpec } from './model.js';
import { withReadOut } from './read-out.js';

export interface VitOptions {
  /** Of the tokens; a multiple of the number of heads. */
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Hidden units of the feed-forward layers, in widths; rounded to whole units. */
  readonly expansion: number;
  /** Side of the squares that an image is cut into, in pixels. */
  readonly patch: number;
}

const epsilon = 1e-6;
const tokenStart: Initializer = { kind: 'normal', deviation: 0.02 };

/**
 * A Vision Transformer (Dosovitskiy et al., ICLR 2021): linear patches, a class token and learned positions, blocks that
 * normalise first, and a linear read-out of the class token. `image` `[batch, height, width, channels]` to `prediction`
 * `[batch, outputs]`. Layers start as PyTorch's.
 */
export function createVit(options: VitOptions, shapes: ModelShapes): Model {
  const { width, layers, heads, expansion, patch } = options;
  const [rows, columns, channels] = readPatchedImage(shapes, patch, 'vit');
  const patches = (rows * columns) / patch ** 2;
  const { 'patches/kernel': kernel, ...bias } = denseParameters('patches', patch ** 2 * channels, width);
  const blocks = Array.from({ length: layers }, (_, layer) => `block${layer + 1}`);
  const features = (parameters: TensorMap, inputs: TensorMap): Tensor => {
    const seen = convolution(inputs.image!, parameters['patches/kernel']!, parameters['patches/bias']!, {
      stride: patch,
      padding: 'valid',
    });
    const batch = seen.shape[0]!;
    const first = broadcastTo(parameters.class!, [batch, 1, width]);
    let tokens = add(concat([first, reshape(seen, [batch, patches, width])], 1), parameters.positions!);
    for (const block of blocks) tokens = applyBlock(parameters, block, tokens, heads);
    const answer = reshape(slice(tokens, [0, 0, 0], [batch, 1, width]), [batch, width]);
    return layerNorm(parameters, 'norm', answer, epsilon);
  };
  const parameters = {
    'patches/kernel': { ...kernel!, shape: [patch, patch, channels, width] },
    ...bias,
    class: { shape: [1, width], initializer: tokenStart, decayed: false },
    positions: { shape: [patches + 1, width], initializer: tokenStart, decayed: false },
    ...Object.assign({}, ...blocks.map((block) => blockParameters(block, width, expansion))),
    ...normParameters('norm', width),
  };
  return withReadOut({ parameters, features, width }, shapes.outputs);
}

function blockParameters(
  name: string,
  width: number,
  expansion: number,
): Readonly<Record<string, ParameterSpec>> {
  const hidden = Math.round(expansion * width);
  return {
    ...normParameters(`${name}/norm1`, width),
    ...attentionParameters(`${name}/attention`, width),
    ...normParameters(`${name}/norm2`, width),
    ...denseParameters(`${name}/wide`, width, hidden),
    ...denseParameters(`${name}/narrow`, hidden, width),
  };
}

function applyBlock(parameters: TensorMap, name: string, tokens: Tensor, heads: number): Tensor {
  const project = (part: string, x: Tensor, activation: 'linear' | 'gelu') =>
    linear(x, parameters[`${name}/${part}/kernel`]!, parameters[`${name}/${part}/bias`]!, activation);
  const x = layerNorm(parameters, `${name}/norm1`, tokens, epsilon);
  const heard = add(tokens, multiHeadAttention(parameters, `${name}/attention`, [x, x, x], { heads }));
  const normal = layerNorm(parameters, `${name}/norm2`, heard, epsilon);
  return add(heard, project('narrow', project('wide', normal, 'gelu'), 'linear'));
}
