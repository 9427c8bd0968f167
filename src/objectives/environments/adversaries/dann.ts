import {
  add,
  div,
  matMul,
  max,
  mean,
  mul,
  reshape,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Quantities, TensorMap } from '../../../engine/engine.js';
import { softmaxCrossEntropy } from '../../../engine/ops/cross-entropy.js';
import { reverseGradient, tellAs } from '../../../engine/ops/reverse-gradient.js';
import { softmax } from '../../../engine/ops/softmax.js';
import type { Objective } from '../../objective.js';
import { applyLayers, type DenseNet, denseNet, inputSlope } from '../dense-net.js';
import { classCount, classShares, environmentShares, environmentsOf } from '../labels.js';
import { type EnvironmentHead, exampleLosses } from '../risks.js';
import { discriminatorPart } from './turns.js';

export interface DannOptions {
  /** Of the discriminator's hidden layers. */
  readonly width: number;
  /** Its dense layers. */
  readonly depth: number;
  /** Weight of the squared slope of its losses in the features; 0 leaves it out. */
  readonly gradient_penalty: number;
}

const table = `${discriminatorPart}/table`;

/**
 * Domain-adversarial training (Ganin, Ustinova, Ajakan, Germain, Larochelle, Laviolette, Marchand & Lempitsky, JMLR 2016),
 * in turns as in DomainBed. A discriminator reads the environment e from the features h; it descends
 *
 *     L_d = mean_i CE(D(h_i), e_i) + `numbers.gradient_penalty` mean_i |∂ CE_i / ∂ h_i|²,
 *
 * the network CE − `numbers.strength` L_d. Both losses are one here, with the gradient reversed between the network and
 * the discriminator, and whose turn it is the optimiser's groups say (`takeTurns`). Its loss is that of whose turn it is
 * (`numbers.discriminating`). The slope of the penalty stands in closed form.
 */
export function createDann(options: DannOptions, of: EnvironmentHead, width: number): Objective {
  return createAdversary(options, of, width, {
    parts: {},
    see: (features) => features,
    weigh: (losses) => mean(losses),
  });
}

/**
 * The same with the class told (Li, Tian, Gong, Liu, Liu, Zhang & Tao, Deep Domain Generalization via Conditional Invariant
 * Adversarial Networks, ECCV 2018), as in DomainBed: the discriminator reads h + table[y], a table that it learns, and
 * the cross-entropy of an example weighs 1 / (n_y K), n_y examples of its class in the batch, K classes up to the largest
 * label there.
 */
export function createCdann(options: DannOptions, of: EnvironmentHead, width: number): Objective {
  return createAdversary(options, of, width, {
    parts: { [table]: { shape: [classCount(of), width], initializer: { kind: 'normal', deviation: 1 } } },
    see: (features, parameters, shares) => add(features, matMul(shares, parameters[table]!)),
    weigh(losses, shares, batch) {
      const counts = matMul(shares, sum(shares, 0, true), false, true);
      return div(sum(div(losses, reshape(counts, [-1]))), add(max(batch.target!), 1));
    },
  });
}

/** What a discriminator is given, and what its losses weigh; `shares` are the classes, one-hot `[rows, classes]`. */
interface Sight extends Required<Pick<Objective, 'parts'>> {
  see(features: Tensor, parameters: TensorMap, shares: Tensor): Tensor;
  weigh(losses: Tensor, shares: Tensor, batch: TensorMap): Tensor;
}

function createAdversary(
  { width: hidden, depth, gradient_penalty }: DannOptions,
  of: EnvironmentHead,
  width: number,
  sight: Sight,
): Objective {
  const widths = [width, ...Array<number>(depth - 1).fill(hidden), of.environments];
  const net = denseNet(discriminatorPart, widths);
  const discriminate = (features: Tensor, parameters: TensorMap, batch: TensorMap, numbers: Quantities) => {
    const shares = classShares(of, batch);
    const seen = sight.see(features, parameters, shares);
    const layers = applyLayers(net, parameters, seen);
    const losses = softmaxCrossEntropy(layers.at(-1)!, environmentsOf(of, batch));
    const loss = sight.weigh(losses, shares, batch);
    if (gradient_penalty === 0) return loss;
    const slopes = lossSlopes(net, parameters, layers, environmentShares(of, batch));
    return add(loss, mul(mean(sum(square(slopes), 1)), numbers.gradient_penalty!));
  };
  return {
    parts: { ...net.parameters, ...sight.parts },
    loss(outputs, batch, numbers, { parameters }) {
      const { strength, discriminating } = numbers;
      const risk = mean(exampleLosses(of, outputs, batch));
      const reversed = reverseGradient(outputs.features!, strength!);
      const against = discriminate(reversed, parameters, batch, numbers);
      const opposed = sub(risk, mul(against, strength!));
      const told = add(mul(against, discriminating!), mul(opposed, sub(1, discriminating!)));
      return tellAs(add(risk, against), told) as Scalar;
    },
  };
}

/** The slope of each row's cross-entropy in what the net reads, `[rows, width]`. */
function lossSlopes(net: DenseNet, parameters: TensorMap, layers: readonly Tensor[], truth: Tensor): Tensor {
  return inputSlope(net, parameters, layers, sub(softmax(layers.at(-1)!), truth));
}
