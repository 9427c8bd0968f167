/** Kernels that TensorFlow.js does not have. These are also TensorFlow's own ops. */
export const biasAdd = 'BiasAdd';
export const biasAddGradient = 'BiasAddGrad';
export const reluGradient = 'ReluGrad';
export const logSoftmax = 'LogSoftmax';
export const product = 'MatMul';
export const softmaxCrossEntropy = 'SoftmaxCrossEntropyWithLogits';
export const sparseCrossEntropy = 'SparseSoftmaxCrossEntropyWithLogits';

/** Uniform numbers that a key alone decides. */
export const randomUniform = 'HeldoutRandomUniform';
export const adamKernel = 'HeldoutAdam';
/** Convolution or product, bias and activation at once, differentiable. */
export const fusedConvolution = 'HeldoutConvolution';
export const fusedLinear = 'HeldoutLinear';

/** Our own ops for TensorFlow on the processor (`processor/`): several passes over memory as one. */
export const layerNormKernel = 'HeldoutLayerNorm';
export const layerNormGradientKernel = 'HeldoutLayerNormGrad';
export const groupNormKernel = 'HeldoutGroupNorm';
export const groupNormGradientKernel = 'HeldoutGroupNormGrad';
export const biasGradientKernel = 'HeldoutBiasGrad';
export const reluBiasGradientKernel = 'HeldoutReluBiasGrad';
export const softmaxKernel = 'HeldoutSoftmax';
export const softmaxGradientKernel = 'HeldoutSoftmaxGrad';
export const attentionKernel = 'HeldoutAttention';
export const attentionGradientKernel = 'HeldoutAttentionGrad';
/** Of query, key and value side by side in one array. */
export const selfAttentionKernel = 'HeldoutSelfAttention';
export const selfAttentionGradientKernel = 'HeldoutSelfAttentionGrad';
/** With links that are added to the scores of all heads. */
export const linkedAttentionKernel = 'HeldoutLinkedAttention';
export const linkedAttentionGradientKernel = 'HeldoutLinkedAttentionGrad';
/** Of modules, which take turns in the rows: a norm with scales of their own, and GEGLU with a scale of their own. */
export const moduleNormKernel = 'HeldoutModuleNorm';
export const moduleNormGradientKernel = 'HeldoutModuleNormGrad';
export const gegluKernel = 'HeldoutGeglu';
export const gegluGradientKernel = 'HeldoutGegluGrad';
