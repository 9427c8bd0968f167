import {
  Add,
  backend_util,
  Identity,
  type NamedAttrMap,
  registerKernel,
  Sum,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/numbers/shape.js';
import { weightOf } from '../ops/updates/adam-update.js';
import { adamKernel, biasAdd, biasAddGradient, reluGradient } from './names.js';
import { type Native, withBias } from './native/native.js';
import { areFloat, overrideKernel } from './override.js';

/** Bias, its gradient (a sum over rows), the gradient of ReLU, and Adam. */
export function registerElementwise(native: Native): void {
  const attemptBias = (x: TensorInfo, bias: TensorInfo) =>
    isBias(x, bias) ? addBias(native, x, bias) : undefined;
  overrideKernel(Add, 'wasm', ({ a, b }) => attemptBias(a!, b!) ?? attemptBias(b!, a!));
  overrideKernel(biasAdd, 'wasm', ({ x, bias }) => attemptBias(x!, bias!));
  overrideKernel(Sum, 'wasm', ({ x }, attributes) => sumLeading(native, x!, attributes));
  overrideKernel(biasAddGradient, 'wasm', ({ dy }) => sumRows(native, dy!, dy!.shape.slice(-1)));
  overrideKernel(reluGradient, 'wasm', ({ dy, y }) => {
    if (!areFloat(dy, y) || !util.arraysEqual(dy!.shape, y!.shape)) return undefined;
    const out = native.output(dy!.shape);
    native.functions.relu_gradient(
      native.address(dy!),
      native.address(y!),
      native.address(out),
      sizeOf(dy!.shape),
    );
    return out;
  });
  // The shipped one copies the values, although no kernel ever changes its inputs.
  overrideKernel(Identity, 'wasm', ({ x }) => {
    native.backend.incRef(x!.dataId);
    return { dataId: x!.dataId, shape: x!.shape, dtype: x!.dtype };
  });
  registerAdam(native);
}

function isBias(x: TensorInfo, bias: TensorInfo): boolean {
  return (
    areFloat(x, bias) && bias.shape.length === 1 && x.shape.length > 1 && x.shape.at(-1) === bias.shape[0]
  );
}

function addBias(native: Native, x: TensorInfo, bias: TensorInfo): TensorInfo {
  const out = native.output(x.shape);
  const columns = bias.shape[0]!;
  const rows = columns === 0 ? 0 : sizeOf(x.shape) / columns;
  native.functions.add_bias(
    native.address(x),
    native.address(bias),
    native.address(out),
    rows,
    columns,
    withBias,
  );
  return out;
}

/** A sum over leading axes; the shipped kernel transposes for it first. */
function sumLeading(native: Native, x: TensorInfo, attributes: NamedAttrMap): TensorInfo | undefined {
  const axes = util.parseAxisParam(attributes.axis as number | number[], [...x.shape]).sort((a, b) => a - b);
  const leading =
    axes.length > 0 && axes.length < x.shape.length && axes.every((axis, index) => axis === index);
  if (!leading || !areFloat(x)) return undefined;
  const rest = x.shape.slice(axes.length);
  return sumRows(
    native,
    x,
    attributes.keepDims === true ? backend_util.expandShapeToKeepDim(rest, axes) : rest,
  );
}

function sumRows(native: Native, x: TensorInfo, shape: readonly number[]): TensorInfo | undefined {
  if (!areFloat(x)) return undefined;
  const out = native.output(shape);
  const columns = sizeOf(shape);
  const rows = columns === 0 ? 0 : sizeOf(x.shape) / columns;
  native.functions.sum_rows(native.address(x), native.address(out), rows, columns, native.scratch(columns));
  return out;
}

function registerAdam(native: Native): void {
  registerKernel({
    kernelName: adamKernel,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { rate, beta1, beta2, offset } = attrs as Readonly<Record<string, number>>;
      const { parameter, gradient, m, v } = inputs;
      const before = [parameter!, gradient!, m!, v!];
      const after = [1, 2, 3].map(() => native.output(parameter!.shape));
      native.functions.adam(
        ...[...before, ...after].map(native.address),
        sizeOf(parameter!.shape),
        rate!,
        beta1!,
        weightOf(beta1!),
        beta2!,
        weightOf(beta2!),
        1,
        offset!,
      );
      return after;
    },
  });
}
