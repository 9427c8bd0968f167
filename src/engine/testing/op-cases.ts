import * as tf from '@tensorflow/tfjs-core';

/** A name, the shapes of two inputs, and a function of them. */
export type OpCase = readonly [
  string,
  readonly number[],
  readonly number[],
  (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
];

/** `a` and `b` are in [0.1, 1.1): inside of what every op here is defined on. */
export const opCases: readonly OpCase[] = [
  ['add, with broadcasting', [3, 4], [4], (a, b) => tf.add(a, b)],
  ['sub, with broadcasting', [3, 1], [3, 4], (a, b) => tf.sub(a, b)],
  ['mul', [3, 4], [3, 4], (a, b) => tf.mul(a, b)],
  ['div, with broadcasting', [3, 4], [1, 4], (a, b) => tf.div(a, b)],
  ['pow', [5], [5], (a, b) => tf.pow(a, b)],
  ['maximum and minimum', [5], [5], (a, b) => tf.add(tf.maximum(a, b), tf.minimum(a, b))],
  ['squared difference', [5], [5], (a, b) => tf.squaredDifference(a, b)],
  ['where', [5], [5], (a, b) => tf.where(tf.tensor1d([1, 0, 1, 0, 0], 'bool'), a, tf.square(b))],
  ['matMul', [3, 4], [4, 2], (a, b) => tf.matMul(a, b)],
  ['matMul, transposed', [4, 3], [2, 4], (a, b) => tf.matMul(a, b, true, true)],
  ['matMul, in batches', [5, 3, 4], [5, 2, 4], (a, b) => tf.matMul(a, b, false, true)],
  ['dot', [4], [4], (a, b) => tf.dot(a, b)],
  ['conv2d, same', [2, 7, 7, 3], [3, 3, 3, 4], (a, b) => tf.conv2d(image(a), image(b), 2, 'same')],
  ['conv2d, valid', [2, 7, 7, 3], [4, 4, 3, 4], (a, b) => tf.conv2d(image(a), image(b), 1, 'valid')],
  [
    'conv2dTranspose',
    [2, 4, 4, 3],
    [3, 3, 5, 3],
    (a, b) => tf.conv2dTranspose(image(a), image(b), [2, 8, 8, 5], 2, 'same'),
  ],
  [
    'depthwiseConv2d',
    [2, 6, 6, 3],
    [3, 3, 3, 2],
    (a, b) => tf.depthwiseConv2d(image(a), image(b), 1, 'same'),
  ],
  ['maxPool', [2, 6, 6, 3], [1], (a) => tf.maxPool(image(a), 2, 2, 'valid')],
  ['avgPool', [2, 6, 6, 3], [1], (a) => tf.avgPool(image(a), 3, 2, 'same')],
  [
    'batchNorm',
    [4, 5],
    [5],
    (a, b) =>
      tf.batchNorm(
        a as tf.Tensor2D,
        tf.mean<tf.Tensor1D>(a, 0),
        b as tf.Tensor1D,
        tf.zeros([5]),
        tf.ones([5]),
      ),
  ],
  ['moments', [4, 5], [1], (a) => tf.add(tf.moments(a, 0).mean, tf.moments(a, 0).variance)],
  ['relu', [9], [9], (a, b) => tf.relu(tf.sub(a, b))],
  ['leakyRelu', [9], [9], (a, b) => tf.leakyRelu(tf.sub(a, b), 0.1)],
  ['elu and selu', [9], [9], (a, b) => tf.add(tf.elu(tf.sub(a, b)), tf.selu(tf.sub(b, a)))],
  ['sigmoid and tanh', [9], [9], (a, b) => tf.mul(tf.sigmoid(a), tf.tanh(b))],
  ['softplus', [9], [9], (a, b) => tf.softplus(tf.sub(a, b))],
  ['exp and log', [9], [9], (a, b) => tf.add(tf.exp(a), tf.log(b))],
  ['log1p and sqrt', [9], [9], (a, b) => tf.add(tf.log1p(a), tf.sqrt(b))],
  ['rsqrt and square', [9], [9], (a, b) => tf.mul(tf.rsqrt(a), tf.square(b))],
  ['sin, cos and erf', [9], [9], (a, b) => tf.add(tf.mul(tf.sin(a), tf.cos(b)), tf.erf(a))],
  ['abs, neg and clip', [9], [9], (a, b) => tf.clipByValue(tf.neg(tf.abs(tf.sub(a, b))), -0.4, -0.1)],
  ['reciprocal', [9], [1], (a) => tf.reciprocal(a)],
  ['softmax', [3, 5], [3, 5], (a, b) => tf.mul(tf.softmax(a), b)],
  ['logSoftmax', [3, 5], [3, 5], (a, b) => tf.mul(tf.logSoftmax(a), b)],
  ['logSumExp', [3, 5], [1], (a) => tf.logSumExp(a, 1)],
  ['sum and mean', [3, 4, 5], [3, 4], (a, b) => tf.mul(tf.sum(a, 2), tf.mean(b, 0, true))],
  ['max and min', [3, 5], [3, 5], (a, b) => tf.add(tf.max(a, 1), tf.min(b, 1))],
  ['prod and cumsum', [3, 4], [3, 4], (a, b) => tf.add(tf.prod(a, 1, true), tf.cumsum(b, 1))],
  ['norm', [3, 4], [1], (a) => tf.norm(a)],
  [
    'reshape and transpose',
    [2, 3, 4],
    [8, 3],
    (a, b) => tf.mul(tf.reshape(tf.transpose(a, [2, 0, 1]), [8, 3]), b),
  ],
  ['expandDims and squeeze', [3, 4], [3, 1, 4], (a, b) => tf.squeeze(tf.mul(tf.expandDims(a, 1), b), [1])],
  ['concat and slice', [3, 4], [3, 2], (a, b) => tf.slice(tf.concat([a, b], 1), [0, 3], [3, 3])],
  ['split', [3, 4], [3, 6], (a, b) => tf.mul(tf.split(a, 2, 1)[1]!, tf.split(b, [4, 2], 1)[1]!)],
  ['stack and unstack', [3, 4], [3, 4], (a, b) => tf.unstack(tf.stack([a, b], 1), 2)[3]!],
  [
    'pad and tile',
    [2, 3],
    [1, 3],
    (a, b) =>
      tf.mul(
        tf.pad(a, [
          [1, 1],
          [0, 0],
        ]),
        tf.tile(b, [4, 1]),
      ),
  ],
  ['reverse', [3, 4], [3, 4], (a, b) => tf.mul(tf.reverse(a, 1), b)],
  ['gather', [5, 3], [2, 3], (a, b) => tf.mul(tf.gather(a, tf.tensor1d([4, 0], 'int32')), b)],
  [
    'oneHot',
    [3, 4],
    [3],
    (a, b) => tf.mul(tf.oneHot(tf.tensor1d([1, 3, 0], 'int32'), 4), tf.mul(a, tf.reshape(b, [3, 1]))),
  ],
  ['upsampling', [1, 3, 3, 2], [1], (a) => tf.image.resizeNearestNeighbor(image(a), [6, 6])],
  ['bilinear', [1, 3, 3, 2], [1], (a) => tf.image.resizeBilinear(image(a), [5, 5])],
  ['cross-entropy', [3, 4], [3, 4], (a, b) => tf.losses.softmaxCrossEntropy(tf.softmax(b), a)],
  ['binary cross-entropy', [3, 4], [3, 4], (a, b) => tf.losses.sigmoidCrossEntropy(tf.round(b), a)],
];

function image(x: tf.Tensor): tf.Tensor4D {
  return x as tf.Tensor4D;
}
