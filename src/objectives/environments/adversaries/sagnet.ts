import {
  add,
  cast,
  concat,
  div,
  matMul,
  mean,
  mul,
  oneHot,
  reshape,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { constantOf } from '../../../engine/ops/detached.js';
import { logSoftmax } from '../../../engine/ops/softmax.js';
import { dense, denseParameters } from '../../../models/layers/dense.js';
import type { Objective } from '../../objective.js';
import { isReadOut, partsNamed } from '../../part-names.js';
import { drawn } from '../draws.js';
import { type EnvironmentHead, exampleLosses } from '../risks.js';

const style = partsNamed('style');

/** Keeps a variance of nothing from being divided by. */
const tiny = 1e-5;

/**
 * Style-agnostic networks (Nam, Lee, Park, Yoon & Yoo, Reducing Domain Gap by Reducing Style Bias, CVPR 2021), on features
 * that are vectors: the style of an example is their mean μ and unbiased variance v, its content s = (h − μ) / √(v + 1e-5).
 *
 * 1. Network and read-out descend CE of s √(v' + 1e-5) + μ', μ' and v' being mixed α : 1 − α with another row's.
 * 2. A head for the style descends CE of s' √(v + 1e-5) + μ, s' another row's, without a gradient.
 * 3. The network descends −`numbers.strength` mean log softmax of that head on the same of other rows: it makes style say
 *    nothing of the class.
 *
 * Features are computed anew for each; the network makes two updates in a step. α and the three permutations of rows are
 * draws. Its loss is that of 1.
 */
export function createSagNet(of: EnvironmentHead, width: number): Objective {
  return {
    parts: denseParameters(style.slice(0, -1), width, of.head.width),
    step(tools, state, batch, numbers, network) {
      const features = (parameters: TensorMap) => network.apply(parameters, batch, numbers).features!;
      const lossOf = (prediction: Tensor) => mean<Scalar>(exampleLosses(of, { prediction }, batch));
      const readStyle = (parameters: TensorMap, order: Tensor) =>
        dense(parameters, style.slice(0, -1), withContent(features(parameters), order), 'linear');

      const own = tools.trained.filter((name) => !name.startsWith(style));
      const content = tools.differentiate(own, state.parameters, (parameters) => {
        const mixed = withStyle(features(parameters), batch[drawn.contentOrder]!, batch[drawn.alpha]!);
        return lossOf(network.readOut(parameters, mixed));
      });
      const first = tools.update(state, content.gradients, numbers, 0);

      const styled = tools.differentiate(Object.keys(this.parts!), first.parameters, (parameters) =>
        lossOf(readStyle(parameters, batch[drawn.styleOrder]!)),
      );
      const second = tools.update(first, styled.gradients, numbers, 0);

      const body = own.filter((name) => !isReadOut(name));
      const opposed = tools.differentiate(body, second.parameters, (parameters) => {
        const said = asClasses(of, readStyle(parameters, batch[drawn.adversaryOrder]!));
        return mul<Scalar>(mul(mean(logSoftmax(said)), -1), numbers.strength!);
      });
      return { ...tools.update(second, opposed.gradients, numbers, 1), loss: content.value };
    },
  };
}

interface Split {
  readonly center: Tensor;
  readonly variance: Tensor;
  readonly content: Tensor;
}

function split(features: Tensor): Split {
  const center = mean(features, 1, true);
  const apart = sub(features, center);
  const variance = div(sum(square(apart), 1, true), features.shape[1]! - 1);
  return { center, variance, content: div(apart, deviation(variance)) };
}

function deviation(variance: Tensor): Tensor {
  return sqrt(add(variance, tiny));
}

/** Features with a style that is mixed with that of the rows in another order. */
function withStyle(features: Tensor, order: Tensor, alpha: Tensor): Tensor {
  const { center, variance, content } = split(features);
  const share = reshape(alpha, [-1, 1]);
  const mixed = (values: Tensor) => add(mul(share, values), mul(sub(1, share), reordered(values, order)));
  return add(mul(content, deviation(mixed(variance))), mixed(center));
}

/** Features with the content of the rows in another order, of which no gradient is taken. */
function withContent(features: Tensor, order: Tensor): Tensor {
  const { center, variance, content } = split(features);
  return add(mul(constantOf(reordered(content, order)), deviation(variance)), center);
}

/** As a product with a matrix of zeros and ones: not every backend has the gradient of a gather. */
function reordered(rows: Tensor, order: Tensor): Tensor {
  return matMul(cast(oneHot(order as Tensor1D, rows.shape[0]!), 'float32'), rows);
}

/** Logits of all classes: of a binary target 0 and its one. */
function asClasses({ head }: EnvironmentHead, logits: Tensor): Tensor {
  return head.kind === 'binary' ? concat([zerosLike(logits), logits], 1) : logits;
}
