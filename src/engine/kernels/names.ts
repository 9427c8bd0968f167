/** Kernels that TensorFlow.js does not have. These are also TensorFlow's own ops. */
export const biasAdd = 'BiasAdd';
export const biasAddGradient = 'BiasAddGrad';
export const reluGradient = 'ReluGrad';
export const logSoftmax = 'LogSoftmax';
export const product = 'MatMul';
export const softmaxCrossEntropy = 'SoftmaxCrossEntropyWithLogits';
export const sparseCrossEntropy = 'SparseSoftmaxCrossEntropyWithLogits';

export const adamKernel = 'HeldoutAdam';
/** Convolution or product, bias and activation at once, differentiable. */
export const fusedConvolution = 'HeldoutConvolution';
export const fusedLinear = 'HeldoutLinear';
