/** Kernels that TensorFlow.js does not have. The first three are also TensorFlow's own ops. */
export const biasAdd = 'BiasAdd';
export const biasAddGradient = 'BiasAddGrad';
export const reluGradient = 'ReluGrad';
export const adamKernel = 'HeldoutAdam';
/** Convolution or product, bias and activation at once, differentiable. */
export const fusedConvolution = 'HeldoutConvolution';
export const fusedLinear = 'HeldoutLinear';
