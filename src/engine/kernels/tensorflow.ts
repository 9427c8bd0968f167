import {
  getKernel,
  type KernelBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerKernel,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import {
  biasAdd,
  biasAddGradient,
  fusedConvolution,
  fusedLinear,
  logSoftmax,
  product,
  reluGradient,
  softmaxCrossEntropy,
  sparseCrossEntropy,
} from './names.js';

/** The part of tfjs-node's backend that our kernels use; every op passes through the two `execute` methods. */
export interface TensorFlowBackend extends KernelBackend {
  readonly binding: {
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_TYPE: number;
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
  };
  executeSingleOutput(op: string, attributes: readonly OpAttribute[], inputs: readonly TensorInfo[]): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
}

interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

type Kernel = (inputs: NamedTensorInfoMap, attributes: NamedAttrMap) => Tensor | Tensor[];

/** TensorFlow's own ops under the names of our kernels, for float32. */
export function registerNativeOps(tensorflow: TensorFlowBackend): void {
  for (const [kernelName, kernel] of Object.entries(nativeKernels(tensorflow))) {
    if (getKernel(kernelName, 'tensorflow') !== undefined) continue;
    registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs, attrs }) => kernel(inputs, attrs ?? {}),
    });
  }
}

function nativeKernels(tensorflow: TensorFlowBackend): Readonly<Record<string, Kernel>> {
  const { TF_ATTR_BOOL, TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = tensorflow.binding;
  const type: OpAttribute = { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT };
  const format: OpAttribute = { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' };
  const flag = (name: string, value: unknown): OpAttribute => ({
    name,
    type: TF_ATTR_BOOL,
    value: value === true,
  });
  const run = (op: string, attributes: readonly OpAttribute[], ...inputs: (TensorInfo | undefined)[]) =>
    tensorflow.executeSingleOutput(op, attributes, inputs as TensorInfo[]);

  const multiply = (a: TensorInfo, b: TensorInfo, { transposeA, transposeB }: NamedAttrMap) =>
    run('MatMul', [type, flag('transpose_a', transposeA), flag('transpose_b', transposeB)], a, b);

  const convolve = (x: TensorInfo, filter: TensorInfo, { strides, pad }: NamedAttrMap) => {
    const attributes: OpAttribute[] = [
      type,
      { name: 'strides', type: TF_ATTR_INT, value: [1, ...(strides as number[]), 1] },
      { name: 'padding', type: TF_ATTR_STRING, value: String(pad).toUpperCase() },
      format,
      flag('use_cudnn_on_gpu', true),
      { name: 'dilations', type: TF_ATTR_INT, value: [1, 1, 1, 1] },
    ];
    return run('Conv2D', attributes, x, filter);
  };

  /** In this order TensorFlow fuses all three when it optimises a graph. */
  const finish = (linear: Tensor, bias: TensorInfo | undefined, { activation }: NamedAttrMap) => {
    const shifted = bias === undefined ? linear : run('BiasAdd', [type, format], linear, bias);
    const result = activation === 'relu' ? run('Relu', [type], shifted) : shifted;
    for (const part of new Set([linear, shifted])) if (part !== result) part.dispose();
    return result;
  };

  return {
    [reluGradient]: ({ dy, y }) => run('ReluGrad', [type], dy, y),
    [biasAdd]: ({ x, bias }) => run('BiasAdd', [type, format], x, bias),
    [biasAddGradient]: ({ dy }) => run('BiasAddGrad', [type, format], dy),
    [logSoftmax]: ({ logits }) => run('LogSoftmax', [type], logits),
    [product]: ({ a, b }, attributes) => multiply(a!, b!, attributes),
    [softmaxCrossEntropy]: ({ features, labels }) =>
      tensorflow.executeMultipleOutputs('SoftmaxCrossEntropyWithLogits', [type], [features!, labels!], 2),
    [sparseCrossEntropy]: ({ features, labels }) => {
      const attributes = [type, { name: 'Tlabels', type: TF_ATTR_TYPE, value: TF_INT32 }];
      const inputs = [features!, labels!];
      return tensorflow.executeMultipleOutputs('SparseSoftmaxCrossEntropyWithLogits', attributes, inputs, 2);
    },
    [fusedLinear]: ({ x, kernel, bias }, attributes) => finish(multiply(x!, kernel!, {}), bias, attributes),
    [fusedConvolution]: ({ x, filter, bias }, attributes) =>
      finish(convolve(x!, filter!, attributes), bias, attributes),
  };
}
