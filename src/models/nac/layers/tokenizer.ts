import { add, broadcastTo, concat, eye, mul, reshape, type Tensor, transpose } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { convolution, linear } from '../../../engine/ops/fused.js';
import { layerNorm, normParameters } from '../../layers/layer-norm.js';
import type { Initializer, ParameterSpec } from '../../model.js';

export interface TokenizerOptions {
  /** Height, width and channels of the images; the sides are multiples of 8. */
  readonly image: readonly [number, number, number];
  /** Channels after the stem, which divides the sides by 4, and after the step down by 2 that follows it. */
  readonly channels: readonly [number, number];
  /** Numbers of each token that are learned for its place alone. */
  readonly positions: number;
  /** ConvNeXt blocks between stem and step: none (the preset `atto`), or one (`femto`). */
  readonly blocks: number;
}

const stemSize = 4;
const stepSize = 2;
const blockSize = 7;
const blockExpansion = 4;
const epsilon = 1e-6;
/** As ConvNeXt starts: its truncation, at 100 deviations, cuts nothing off. */
const kernelStart: Initializer = { kind: 'normal', deviation: 0.02 };
const zero: Initializer = { kind: 'constant', value: 0 };

export function tokenWidthOf({ channels, positions }: TokenizerOptions): number {
  return channels[1] + positions;
}

/** `<name>/stem`, `/block1` .., `/step`, each with a norm, and `/positions` `[tokens, positions]`. */
export function tokenizerParameters(
  name: string,
  options: TokenizerOptions,
): Readonly<Record<string, ParameterSpec>> {
  const [height, width, depth] = options.image;
  const [first, second] = options.channels;
  const tokens = (height * width) / (stemSize * stepSize) ** 2;
  return {
    ...kernelAndBias(`${name}/stem`, [stemSize, stemSize, depth, first]),
    ...normParameters(`${name}/stem/norm`, first),
    ...Object.assign({}, ...blockNames(name, options).map((block) => blockParameters(block, first))),
    ...normParameters(`${name}/step/norm`, first),
    ...kernelAndBias(`${name}/step`, [stepSize, stepSize, first, second]),
    [`${name}/positions`]: {
      shape: [tokens, options.positions],
      initializer: { kind: 'normal', deviation: 1 },
      decayed: false,
    },
  };
}

function blockNames(name: string, { blocks }: TokenizerOptions): string[] {
  return Array.from({ length: blocks }, (_, block) => `${name}/block${block + 1}`);
}

function blockParameters(name: string, channels: number): Readonly<Record<string, ParameterSpec>> {
  return {
    ...kernelAndBias(`${name}/depthwise`, [blockSize, blockSize, channels]),
    ...normParameters(`${name}/norm`, channels),
    ...kernelAndBias(`${name}/wide`, [channels, blockExpansion * channels]),
    ...kernelAndBias(`${name}/narrow`, [blockExpansion * channels, channels]),
    [`${name}/layer-scale`]: { shape: [channels], initializer: { kind: 'constant', value: 1e-6 } },
  };
}

function kernelAndBias(name: string, shape: readonly number[]): Readonly<Record<string, ParameterSpec>> {
  return {
    [`${name}/kernel`]: { shape, initializer: kernelStart },
    [`${name}/bias`]: { shape: [shape.at(-1)!], initializer: zero },
  };
}

/**
 * The first stages of a ConvNeXt (Liu et al., 2022) with a learned position beside what is seen: images `[batch,
 * height, width, channels]` to `[batch, tokens, tokenWidth]`, one token for 8 x 8 pixels.
 */
export function tokenize(
  parameters: TensorMap,
  name: string,
  images: Tensor,
  options: TokenizerOptions,
): Tensor {
  const down = (at: string, x: Tensor, size: number) =>
    shrink(x, parameters[`${at}/kernel`]!, parameters[`${at}/bias`]!, size);
  let x = layerNorm(parameters, `${name}/stem/norm`, down(`${name}/stem`, images, stemSize), epsilon);
  for (const block of blockNames(name, options)) x = applyBlock(parameters, block, x);
  x = down(`${name}/step`, layerNorm(parameters, `${name}/step/norm`, x, epsilon), stepSize);
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const positions = broadcastTo(parameters[`${name}/positions`]!, [batch, height * width, options.positions]);
  return concat([reshape(x, [batch, height * width, channels]), positions], 2);
}

/**
 * A convolution whose patches of `size` x `size` do not overlap: a product of each patch with the kernel, which is
 * faster than a convolution of few channels, and one product for all replicas.
 */
function shrink(x: Tensor, kernel: Tensor, bias: Tensor, size: number): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [rows, columns] = [height / size, width / size];
  const strips = reshape(x, [batch * rows, size, columns, size * channels]);
  const patches = reshape(transpose(strips, [0, 2, 1, 3]), [batch, rows, columns, size ** 2 * channels]);
  return linear(patches, reshape(kernel, [size ** 2 * channels, -1]), bias);
}

/**
 * A ConvNeXt block. Its depthwise convolution is a full one whose kernel mixes no channels: they are few, and full
 * convolutions are fast, and have gradients, on every tier.
 */
function applyBlock(parameters: TensorMap, name: string, x: Tensor): Tensor {
  const channels = x.shape.at(-1)!;
  const depthwise = reshape(parameters[`${name}/depthwise/kernel`]!, [blockSize, blockSize, channels, 1]);
  const spatial = convolution(x, mul(depthwise, eye(channels)), parameters[`${name}/depthwise/bias`]!, {
    stride: 1,
    padding: 'same',
  });
  const seen = layerNorm(parameters, `${name}/norm`, spatial, epsilon);
  const wide = linear(seen, parameters[`${name}/wide/kernel`]!, parameters[`${name}/wide/bias`]!, 'gelu');
  const narrow = linear(wide, parameters[`${name}/narrow/kernel`]!, parameters[`${name}/narrow/bias`]!);
  return add(x, mul(narrow, parameters[`${name}/layer-scale`]!));
}
