import { add, addN, div, matMul, mean, mul, type Scalar, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Quantities, TensorMap } from '../../../engine/engine.js';
import { softmaxCrossEntropy } from '../../../engine/ops/cross-entropy.js';
import { reverseGradient, tellAs } from '../../../engine/ops/reverse-gradient.js';
import type { ParameterSpec } from '../../../models/model.js';
import type { Network, Objective } from '../../objective.js';
import { isReadOut, partsNamed } from '../../part-names.js';
import { applyNet, denseNet } from '../dense-net.js';
import { drawn } from '../draws.js';
import { classCount, classShares, environmentShares, environmentsOf } from '../labels.js';
import { type EnvironmentHead, exampleLosses } from '../risks.js';
import { contrast } from './contrast.js';
import { pairByPlaces, pairWithinClasses } from './remix.js';
import { discriminatorPart } from './turns.js';

export interface AdrmxOptions {
  readonly width: number;
  readonly depth: number;
  /**
   * Which rows are mixed: two of a class, of different environments, or DomainBed's, whose places in the list of the
   * class's rows are taken for rows of the batch.
   */
  readonly pairs: 'class' | 'places';
}

/** What a network is made of. */
export interface Body {
  /** Width of its features. */
  readonly width: number;
  /** Its parameters but the read-out. */
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
}

const domain = partsNamed('domain');
const [labelNet, finalNet, domainNet] = ['classifier1', 'classifier2', 'domain-classifier'].map((name) =>
  partsNamed(name).slice(0, -1),
) as [string, string, string];

/**
 * ADRMX (Demirel, Aptoula & Ozkan, Additive Disentanglement of Domain Features with Remix Loss, arXiv 2308.06624, 2023), as
 * in DomainBed. The network gives label features l; another one like it, domain features d; f = l − d. A discriminator D
 * takes turns with the rest (`takeTurns`): it descends L_d = CE(D(f), e), the rest
 *
 *     CE(C1(l)) + CE(C2(f)) + a CE(C_d(d), e) + b remix + c [S(l) + S(f)] − g L_d,
 *
 * a, b, c, g being `numbers.domains`, `remix`, `contrast` and `strength`; remix = Σ_pairs CE(C1(f_i + d_j), y_i) / K, a
 * pair of rows for each of the K classes that have one; S is `contrast`. C1, C2 and C_d have dense layers of width/2 and
 * width/4. Predictions are C1(l): the read-out of the network stays as it is. Its loss is that of whose turn it is.
 */
export function createAdrmx(options: AdrmxOptions, of: EnvironmentHead, body: Body): Objective {
  const { width } = body;
  const narrowing = [width, Math.max(1, width >> 1), Math.max(1, width >> 2)];
  const hidden = Array<number>(options.depth - 1).fill(options.width);
  const nets = {
    label: denseNet(labelNet, [...narrowing, of.head.width]),
    final: denseNet(finalNet, [...narrowing, of.head.width]),
    domain: denseNet(domainNet, [...narrowing, of.environments]),
    discriminator: denseNet(discriminatorPart, [width, ...hidden, of.environments]),
  };
  const copied = Object.entries(body.parameters).map(([name, spec]) => [`${domain}${name}`, spec]);
  const pair = options.pairs === 'class' ? pairWithinClasses : pairByPlaces;
  const one = { ...of, environments: 1 };

  function remix(parameters: TensorMap, combined: Tensor, apart: Tensor, batch: TensorMap): Tensor {
    const shares = { classes: classShares(of, batch), environments: environmentShares(of, batch) };
    const lots = { first: batch[drawn.first]!, second: batch[drawn.second]! };
    const { first, second, valid } = pair({ ...shares, ...lots });
    const mixed = add(matMul(first, combined), matMul(second, apart));
    const prediction = applyNet(nets.label, parameters, mixed);
    const losses = exampleLosses(one, { prediction }, { target: matMul(first, batch.target!) });
    return div(sum(mul(losses, valid)), classCount(of));
  }

  function lossOf(network: Network, parameters: TensorMap, batch: TensorMap, numbers: Quantities): Scalar {
    const { strength, discriminating, domains } = numbers;
    const features = (own: TensorMap) => network.apply(own, batch, numbers).features!;
    const label = features(parameters);
    const apart = features({ ...parameters, ...withoutPrefix(parameters) });
    const combined = sub(label, apart);
    const environments = environmentsOf(of, batch);
    const said = (prediction: Tensor) => mean(exampleLosses(of, { prediction }, batch));
    const told = (net: typeof nets.domain, x: Tensor) =>
      mean(softmaxCrossEntropy(applyNet(net, parameters, x), environments));
    const classes = classShares(of, batch);
    const own = addN([
      said(applyNet(nets.label, parameters, label)),
      said(applyNet(nets.final, parameters, combined)),
      mul(told(nets.domain, apart), domains!),
      mul(remix(parameters, combined, apart, batch), numbers.remix!),
      mul(add(contrast(label, classes), contrast(combined, classes)), numbers.contrast!),
    ]);
    const against = told(nets.discriminator, reverseGradient(combined, strength!));
    const opposed = sub(own, mul(against, strength!));
    const value = add(mul(against, discriminating!), mul(opposed, sub(1, discriminating!)));
    return tellAs(add(own, against), value) as Scalar;
  }

  return {
    parts: { ...Object.fromEntries(copied), ...Object.assign({}, ...Object.values(nets).map(specsOf)) },
    step(tools, state, batch, numbers, network) {
      const names = tools.trained.filter((name) => !isReadOut(name));
      const { value, gradients } = tools.differentiate(names, state.parameters, (parameters) =>
        lossOf(network, parameters, batch, numbers),
      );
      return { ...tools.update(state, gradients, numbers), loss: value };
    },
    predict: (network, parameters, inputs) =>
      applyNet(nets.label, parameters, network.apply(parameters, inputs, {}).features!),
  };
}

const specsOf = ({ parameters }: { readonly parameters: object }) => parameters;

/** The other network's parameters by the names of this one's. */
function withoutPrefix(parameters: TensorMap): TensorMap {
  const theirs = Object.entries(parameters).filter(([name]) => name.startsWith(domain));
  return Object.fromEntries(theirs.map(([name, tensor]) => [name.slice(domain.length), tensor]));
}
