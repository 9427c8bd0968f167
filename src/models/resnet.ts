import { add, relu, type Tensor } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../core/errors.js';
import type { TensorMap } from '../engine/engine.js';
import type { Activation } from '../engine/ops/fused.js';
import { frozenNormParameters, normalisedConvolution } from './layers/frozen-norm.js';
import { averagePool, globalAveragePool, maxPool } from './layers/pooling.js';
import { padAsPyTorch } from './layers/pytorch-padding.js';
import type { Model, ModelShapes, ParameterSpec } from './model.js';
import { withReadOut } from './read-out.js';

export interface ResNetOptions {
  /** `basic`: two convolutions of 3x3; `bottleneck`: 1x1, 3x3 and 1x1, the last with four times the channels. */
  readonly block: 'basic' | 'bottleneck';
  /** Blocks of each stage. */
  readonly layers: readonly number[];
  /** Of the convolutions of 3x3 of the first stage; every further stage has twice as many. */
  readonly width: number;
  /** `plain`: one convolution of 7x7; `deep`: three of 3x3. */
  readonly stem: 'plain' | 'deep';
  /** What makes a shortcut's images smaller: a stride of its convolution, or a mean of 2x2 before it (ResNet-D). */
  readonly shortcut: 'stride' | 'mean';
}

/** A convolution and its norm; `conv1` and `norm1` belong together. */
interface Layer {
  readonly conv: string;
  readonly norm: string;
  readonly size: number;
  readonly stride: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Whether its norm starts at zero, so that the block passes its input on. */
  readonly last?: boolean;
}

interface Block {
  readonly main: readonly Layer[];
  /** The input goes through it where the output has other channels or fewer places. */
  readonly shortcut?: Layer;
  readonly stride: number;
}

/** Two halvings before the first stage, one in every other. */
const smallest = 8;

/**
 * A residual network (He et al., CVPR 2016) with the stride in the convolution of 3x3, as torchvision and timm have it; with
 * `stem: deep` and `shortcut: mean` ResNet-D (He et al., CVPR 2019). Batch norms are frozen: their statistics stay those of
 * the weights that it begins with, and their scales and shifts are trained (DomainBed's `freeze_bn`).
 * `image` `[batch, height, width, channels]` to `prediction` `[batch, outputs]`. Starts as timm's does.
 */
export function createResNet(options: ResNetOptions, shapes: ModelShapes): Model {
  const channels = readChannels(shapes);
  const { stem, blocks, width } = layOut(options, channels);
  const features = (parameters: TensorMap, { image }: TensorMap): Tensor => {
    let x = image!;
    for (const layer of stem) x = applyLayer(parameters, layer, x, 'relu');
    // After ReLU zeros around an image are as good as PyTorch's -infinity.
    x = maxPool(padAsPyTorch(x, 3, 2, 1), { size: 3, stride: 2 });
    for (const block of blocks) x = applyBlock(parameters, block, x, options.shortcut);
    return globalAveragePool(x);
  };
  const layers = [
    ...stem,
    ...blocks.flatMap(({ main, shortcut }) => [...main, ...(shortcut === undefined ? [] : [shortcut])]),
  ];
  const parameters = Object.assign({}, ...layers.map(layerParameters));
  return withReadOut({ parameters, features, width }, shapes.outputs);
}

/** All layers of a network by their names. */
function layOut({ block, layers, width, stem, shortcut }: ResNetOptions, channels: number) {
  const layer = (
    path: string,
    own: number,
    size: number,
    stride: number,
    from: number,
    to: number,
  ): Layer => ({
    conv: `${path}/conv${own}`,
    norm: `${path}/norm${own}`,
    ...{ size, stride, inputs: from, outputs: to },
  });
  const narrow = Math.ceil(width / 2);
  const first =
    stem === 'plain'
      ? [layer('stem', 1, 7, 2, channels, width)]
      : [
          layer('stem', 1, 3, 2, channels, narrow),
          layer('stem', 2, 3, 1, narrow, narrow),
          layer('stem', 3, 3, 1, narrow, width),
        ];
  let inputs = width;
  const blocks = layers.flatMap((count, stage) =>
    Array.from({ length: count }, (_, index): Block => {
      const path = `stage${stage + 1}/block${index + 1}`;
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const own = width * 2 ** stage;
      const outputs = block === 'basic' ? own : 4 * own;
      const main =
        block === 'basic'
          ? [layer(path, 1, 3, stride, inputs, own), layer(path, 2, 3, 1, own, own)]
          : [
              layer(path, 1, 1, 1, inputs, own),
              layer(path, 2, 3, stride, own, own),
              layer(path, 3, 1, 1, own, outputs),
            ];
      const shorter = {
        ...layer(path, 0, 1, shortcut === 'mean' ? 1 : stride, inputs, outputs),
        ...{ conv: `${path}/shortcut`, norm: `${path}/shortcut-norm` },
      };
      const changes = stride > 1 || inputs !== outputs;
      inputs = outputs;
      return {
        main: [...main.slice(0, -1), { ...main.at(-1)!, last: true }],
        ...(changes && { shortcut: shorter }),
        stride,
      };
    }),
  );
  return { stem: first, blocks, width: inputs };
}

/** Kernels are normal with the fan of the outputs (He et al., ICCV 2015). */
function layerParameters(layer: Layer): Readonly<Record<string, ParameterSpec>> {
  const { conv, norm, size, inputs, outputs, last = false } = layer;
  const deviation = Math.sqrt(2 / (size * size * outputs));
  const norms = frozenNormParameters(norm, outputs);
  const scale = `${norm}/scale`;
  return {
    [`${conv}/kernel`]: { shape: [size, size, inputs, outputs], initializer: { kind: 'normal', deviation } },
    ...norms,
    ...(last && { [scale]: { ...norms[scale]!, initializer: { kind: 'constant', value: 0 } } }),
  };
}

function applyLayer(parameters: TensorMap, layer: Layer, x: Tensor, activation: Activation): Tensor {
  const { size, stride } = layer;
  const isPadded = stride > 1 && size > 1;
  return normalisedConvolution(parameters, layer, isPadded ? padAsPyTorch(x, size, stride, size >> 1) : x, {
    stride,
    padding: isPadded ? 'valid' : 'same',
    activation,
  });
}

function applyBlock(
  parameters: TensorMap,
  { main, shortcut, stride }: Block,
  x: Tensor,
  how: ResNetOptions['shortcut'],
): Tensor {
  let past = x;
  if (shortcut !== undefined) {
    const fewer = how === 'mean' && stride > 1 ? averagePool(x, { size: 2, padding: meanPadding(x) }) : x;
    past = applyLayer(parameters, shortcut, fewer, 'linear');
  }
  let through = x;
  for (const layer of main) {
    through = applyLayer(parameters, layer, through, layer.last === true ? 'linear' : 'relu');
  }
  return relu(add(through, past));
}

/** The window that stands over the edge of an odd side counts what is inside of it. */
function meanPadding(x: Tensor): 'same' | 'valid' {
  return x.shape[1]! % 2 === 0 && x.shape[2]! % 2 === 0 ? 'valid' : 'same';
}

function readChannels({ inputs }: ModelShapes): number {
  const [height = 0, width = 0, channels] = inputs.image ?? [];
  if (channels !== undefined && Math.min(height, width) >= smallest) return channels;
  const found = Object.entries(inputs).map(([name, shape]) => `${name} [${shape.join(', ')}]`);
  throw new HeldoutError({
    code: 'E_MODEL_INPUT',
    message: `the model resnet needs images with sides of ${smallest} pixels or more, but the dataset has ${found.join(', ')}`,
    place: 'model.name',
    hints: ['model=mlp takes inputs of any size'],
  });
}
