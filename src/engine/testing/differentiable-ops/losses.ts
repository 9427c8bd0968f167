import { exp, log, log1p, mul, neg, oneHot, sub, sum, type Tensor1D, tensor1d } from '@tensorflow/tfjs-core';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from '../../ops/cross-entropy.js';
import { logSoftmax, softmax } from '../../ops/softmax.js';
import { fill } from '../backends.js';
import type { DifferentiableOp } from './differentiable-op.js';
import { plainSoftmax } from './plain-softmax.js';

const classes = () => tensor1d([2, 0, 1], 'int32');
const shares = () => plainSoftmax(fill([3, 4], 51));
export const losses: readonly DifferentiableOp[] = [
  { name: 'softmax', shapes: [[2, 3, 5]], apply: (x) => softmax(x!), plain: (x) => plainSoftmax(x!) },
  {
    name: 'log-softmax',
    shapes: [[2, 3, 5]],
    apply: (x) => logSoftmax(x!),
    plain: (x) => log(plainSoftmax(x!)),
  },
  {
    name: 'cross-entropy of classes',
    shapes: [[3, 4]],
    apply: (x) => softmaxCrossEntropy(x!, classes()),
    plain: (x) => neg(log(sum(mul(plainSoftmax(x!), oneHot(classes() as Tensor1D, 4)), 1))),
  },
  {
    name: 'cross-entropy of probabilities',
    shapes: [[3, 4]],
    apply: (x) => softmaxCrossEntropy(x!, shares()),
    plain: (x) => neg(sum(mul(log(plainSoftmax(x!)), shares()), 1)),
  },
  {
    name: 'cross-entropy of a sigmoid',
    shapes: [[3, 4]],
    apply: (x) => sigmoidCrossEntropy(x!, shares()),
    plain: (x) => sub(log1p(exp(x!)), mul(x!, shares())),
  },
];
