import {
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  FusedConv2D,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/numbers/shape.js';
import { direct } from './convolution/direct.js';
import { product } from './convolution/product.js';
import type { ConvInfo, Strategy } from './convolution/strategy.js';
import { fusedConvolution } from './names.js';
import { type Native, withBias, withRelu } from './native/native.js';
import { areFloat, overrideKernel } from './override.js';

/** `Conv2D`, with bias and ReLU too, and both gradients, for NHWC, any stride, no dilation. */
export function registerConv2d(native: Native): void {
  overrideKernel(Conv2D, 'wasm', ({ x, filter }, attributes) =>
    forward(native, x!, filter!, undefined, attributes),
  );
  for (const name of [FusedConv2D, fusedConvolution]) {
    overrideKernel(name, 'wasm', ({ x, filter, bias, preluActivationWeights }, attributes) =>
      preluActivationWeights == null
        ? forward(native, x!, filter!, bias ?? undefined, attributes)
        : undefined,
    );
  }
  overrideKernel(Conv2DBackpropInput, 'wasm', ({ dy, filter }, attributes) =>
    inputGradient(native, dy!, filter!, attributes),
  );
  overrideKernel(Conv2DBackpropFilter, 'wasm', ({ x, dy }, attributes) =>
    filterGradient(native, x!, dy!, attributes),
  );
}

/** The first that fits computes. */
const strategies: readonly Strategy[] = [product, direct];

function choose(info: ConvInfo): Strategy {
  return strategies.find((strategy) => strategy.fits(info)) ?? direct;
}

function forward(
  native: Native,
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | undefined,
  attributes: NamedAttrMap,
): TensorInfo | undefined {
  const { activation = 'linear' } = attributes;
  const info = describe(x.shape, filter.shape, attributes);
  if (info === undefined || !areFloat(x, filter, bias)) return undefined;
  if (activation !== 'linear' && activation !== 'relu') return undefined;
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== info.outChannels)) return undefined;
  const out = native.output(info.outShape);
  if (sizeOf(info.outShape) === 0) return out;
  choose(info).forward(native, info, {
    x: native.address(x),
    filter: native.address(filter),
    bias: bias === undefined ? 0 : native.address(bias),
    out: native.address(out),
    flags: (bias === undefined ? 0 : withBias) | (activation === 'relu' ? withRelu : 0),
  });
  return out;
}

function filterGradient(
  native: Native,
  x: TensorInfo,
  dy: TensorInfo,
  attributes: NamedAttrMap,
): TensorInfo | undefined {
  const info = describe(x.shape, attributes.filterShape as number[], attributes);
  if (info === undefined || !areFloat(x, dy)) return undefined;
  const out = native.output(info.filterShape);
  choose(info).filterGradient(native, info, {
    x: native.address(x),
    dy: native.address(dy),
    out: native.address(out),
  });
  return out;
}

function inputGradient(
  native: Native,
  dy: TensorInfo,
  filter: TensorInfo,
  attributes: NamedAttrMap,
): TensorInfo | undefined {
  const info = describe(attributes.inputShape as number[], filter.shape, attributes);
  if (info === undefined || !areFloat(dy, filter)) return undefined;
  const out = native.output(info.inShape);
  if (sizeOf(info.inShape) === 0) return out;
  choose(info).inputGradient(native, info, {
    dy: native.address(dy),
    filter: native.address(filter),
    out: native.address(out),
  });
  return out;
}

function describe(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: NamedAttrMap,
): ConvInfo | undefined {
  if (attributes.dataFormat !== undefined && attributes.dataFormat !== 'NHWC') return undefined;
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attributes.strides as number | [number, number],
    (attributes.dilations as number | [number, number] | undefined) ?? 1,
    attributes.pad as 'valid' | 'same' | number | backend_util.ExplicitPadding,
    attributes.dimRoundingMode as 'floor' | 'round' | 'ceil',
  );
  return info.dilationHeight === 1 && info.dilationWidth === 1 ? info : undefined;
}
