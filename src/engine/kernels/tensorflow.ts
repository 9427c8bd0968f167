import {
  getKernel,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerKernel,
  type Tensor,
  type TensorInfo,
  tensor1d,
} from '@tensorflow/tfjs-core';
import { DataType, type OpAttribute, type TensorFlowBackend } from '../backends/tensorflow-backend.js';
import { attribute, typeAttribute } from '../compiled/graph/graph.js';
import {
  biasAdd,
  biasAddGradient,
  fusedConvolution,
  fusedLinear,
  logSoftmax,
  product,
  randomUniform,
  reluGradient,
  softmaxCrossEntropy,
  sparseCrossEntropy,
} from './names.js';

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
  const type = typeAttribute('T', DataType.float32);
  const format = attribute('data_format', 'string', 'NHWC');
  const flag = (name: string, value: unknown) => attribute(name, 'bool', value === true);
  const run = (op: string, attributes: readonly OpAttribute[], ...inputs: (TensorInfo | undefined)[]) =>
    tensorflow.executeSingleOutput(op, attributes, inputs as TensorInfo[]);

  const multiply = (a: TensorInfo, b: TensorInfo, { transposeA, transposeB }: NamedAttrMap) =>
    run('MatMul', [type, flag('transpose_a', transposeA), flag('transpose_b', transposeB)], a, b);

  const convolve = (x: TensorInfo, filter: TensorInfo, { strides, pad }: NamedAttrMap) => {
    const attributes: OpAttribute[] = [
      type,
      attribute('strides', 'int', [1, ...(strides as number[]), 1]),
      attribute('padding', 'string', String(pad).toUpperCase()),
      format,
      flag('use_cudnn_on_gpu', true),
      attribute('dilations', 'int', [1, 1, 1, 1]),
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
      const attributes = [type, typeAttribute('Tlabels', DataType.int32)];
      const inputs = [features!, labels!];
      return tensorflow.executeMultipleOutputs('SparseSoftmaxCrossEntropyWithLogits', attributes, inputs, 2);
    },
    [randomUniform]: ({ key }, { shape, salt }) => {
      const [seed, size] = [tensor1d([0, salt as number], 'int32'), tensor1d(shape as number[], 'int32')];
      const salted = run('AddV2', [typeAttribute('T', DataType.int32)], key, seed);
      const types = [
        typeAttribute('dtype', DataType.float32),
        typeAttribute('T', DataType.int32),
        typeAttribute('Tseed', DataType.int32),
      ];
      const numbers = run('StatelessRandomUniform', types, size, salted);
      for (const one of [seed, size, salted]) one.dispose();
      return numbers;
    },
    [fusedLinear]: ({ x, kernel, bias }, attributes) => finish(multiply(x!, kernel!, {}), bias, attributes),
    [fusedConvolution]: ({ x, filter, bias }, attributes) =>
      finish(convolve(x!, filter!, attributes), bias, attributes),
  };
}
