import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  type GradConfig,
  type NamedAttrMap,
  Relu,
  registerGradient,
  type Tensor,
  zerosLike,
} from '@tensorflow/tfjs-core';
import {
  biasAddGradient as biasAddGradientKernel,
  biasAdd as biasAddKernel,
  fusedConvolution as fusedConvolutionKernel,
  fusedLinear,
  product as productKernel,
  reluBiasGradientKernel,
  reluGradient as reluGradientKernel,
} from '../kernels/names.js';
import { biasAdd, biasAddGradient } from '../ops/bias-add.js';
import { product } from '../ops/product.js';
import { reluBiasGradient, reluGradient } from '../ops/relu-gradient.js';
import { runKernel } from '../ops/support/available.js';

/**
 * Closed-form gradients of our kernels, on every backend: ReLU's from its output in one pass, bias as one sum over
 * rows, products, and those of the fused layers. They are made of ops that have gradients themselves. Those of the
 * other ops stand beside them in `ops/`.
 */
export function registerGradients(): void {
  const all = [relu, reluTwice, reluBiasTwice, bias, biasTwice, plainProduct, fusedProduct, fusedConvolution];
  for (const gradient of all) registerGradient(gradient);
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

const reluBiasTwice: GradConfig = {
  kernelName: reluBiasGradientKernel,
  inputsToSave: ['y'],
  gradFunc: (gradients, [y]) => {
    const [ddx, ddbias] = gradients as Tensor[];
    return { dy: () => reluGradient(biasAdd(ddx!, ddbias!), y!), y: () => zerosLike(y!) };
  },
};

const bias: GradConfig = {
  kernelName: biasAddKernel,
  gradFunc: (dy) => ({ x: () => one(dy), bias: () => biasAddGradient(one(dy)) }),
};

const biasTwice: GradConfig = {
  kernelName: biasAddGradientKernel,
  inputsToSave: ['dy'],
  gradFunc: (ddy, [dy]) => ({ dy: () => biasAdd(zerosLike(dy!), one(ddy)) }),
};

const plainProduct: GradConfig = {
  kernelName: productKernel,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, [a, b], { transposeA, transposeB }) => {
    const [turnA, turnB] = [transposeA === true, transposeB === true];
    const gradient = one(dy);
    return {
      a: () => (turnA ? product(b!, gradient, turnB, true) : product(gradient, b!, false, !turnB)),
      b: () => (turnB ? product(gradient, a!, true, turnA) : product(a!, gradient, !turnA, false)),
    };
  },
};

const fusedConvolution: GradConfig = {
  kernelName: fusedConvolutionKernel,
  inputsToSave: ['x', 'filter'],
  outputsToSave: [true],
  gradFunc: (dy, [x, filter, y], attributes) => {
    const [gradient, biasGradient] = beforeBias(one(dy), y!, attributes);
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
      bias: biasGradient,
    };
  },
};

const fusedProduct: GradConfig = {
  kernelName: fusedLinear,
  inputsToSave: ['x', 'kernel'],
  outputsToSave: [true],
  gradFunc: (dy, [x, kernel, y], attributes) => {
    const [gradient, biasGradient] = beforeBias(one(dy), y!, attributes);
    return {
      x: () => product(gradient, kernel!, false, true),
      kernel: () => product(x!, gradient, true, false),
      bias: biasGradient,
    };
  },
};

/** The gradient of what the bias is added to, and how to get that of the bias. */
function beforeBias(
  dy: Tensor,
  y: Tensor,
  { activation }: NamedAttrMap,
): readonly [gradient: Tensor, bias: () => Tensor] {
  if (activation !== 'relu') return [dy, () => biasAddGradient(dy)];
  const [gradient, bias] = reluBiasGradient(dy, y);
  return [gradient, () => bias];
}

function one(gradients: Tensor | Tensor[]): Tensor {
  return Array.isArray(gradients) ? gradients[0]! : gradients;
}
