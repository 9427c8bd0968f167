import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  type GradConfig,
  matMul,
  type NamedAttrMap,
  Relu,
  registerGradient,
  type Tensor,
  zerosLike,
} from '@tensorflow/tfjs-core';
import {
  biasAdd,
  fusedConvolution as fusedConvolutionKernel,
  fusedLinear,
  reluGradient as reluGradientKernel,
} from '../kernels/names.js';
import { runKernel } from '../ops/available.js';
import { biasAddGradient } from '../ops/bias-add.js';
import { reluGradient } from '../ops/relu-gradient.js';

/**
 * Closed-form gradients of the layers that we use, on every backend: ReLU's from its output in one pass, bias
 * as one sum over rows, and those of the fused layers, which TensorFlow.js does not have.
 */
export function registerGradients(): void {
  for (const gradient of [relu, reluTwice, bias, fusedConvolution, fusedProduct]) registerGradient(gradient);
}

const relu: GradConfig = {
  kernelName: Relu,
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({ x: () => reluGradient(one(dy), y!) }),
};

const reluTwice: GradConfig = {
  kernelName: reluGradientKernel,
  inputsToSave: ['y'],
  gradFunc: (ddx, [y]) => ({ dy: () => reluGradient(one(ddx), y!), y: () => zerosLike(y!) }),
};

const bias: GradConfig = {
  kernelName: biasAdd,
  gradFunc: (dy) => ({ x: () => one(dy), bias: () => biasAddGradient(one(dy)) }),
};

const fusedConvolution: GradConfig = {
  kernelName: fusedConvolutionKernel,
  inputsToSave: ['x', 'filter'],
  outputsToSave: [true],
  gradFunc: (dy, [x, filter, y], attributes) => {
    const gradient = beforeActivation(one(dy), y!, attributes);
    const shared = { strides: attributes.strides!, pad: attributes.pad!, dataFormat: 'NHWC' };
    return {
      x: () =>
        runKernel(
          Conv2DBackpropInput,
          { dy: gradient, filter: filter! },
          { ...shared, inputShape: x!.shape },
        ),
      filter: () =>
        runKernel(Conv2DBackpropFilter, { x: x!, dy: gradient }, { ...shared, filterShape: filter!.shape }),
      bias: () => biasAddGradient(gradient),
    };
  },
};

const fusedProduct: GradConfig = {
  kernelName: fusedLinear,
  inputsToSave: ['x', 'kernel'],
  outputsToSave: [true],
  gradFunc: (dy, [x, kernel, y], attributes) => {
    const gradient = beforeActivation(one(dy), y!, attributes);
    return {
      x: () => matMul(gradient, kernel!, false, true),
      kernel: () => matMul(x!, gradient, true, false),
      bias: () => biasAddGradient(gradient),
    };
  },
};

function beforeActivation(dy: Tensor, y: Tensor, { activation }: NamedAttrMap): Tensor {
  return activation === 'relu' ? reluGradient(dy, y) : dy;
}

function one(gradients: Tensor | Tensor[]): Tensor {
  return Array.isArray(gradients) ? gradients[0]! : gradients;
}
