import { addN, mul, scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { NamedArrays, TensorMap } from '../../../engine/engine.js';
import type { Penalty } from '../../model.js';
import type { LinkOptions } from '../links/link-kernel.js';
import { tabulateLinks } from '../links/link-table.js';
import { distances, linkProbabilities } from '../links/links.js';
import { alignGraphon } from './align-graphon.js';
import type { Graphon } from './graphon.js';
import { type GraphonMeasure, graphonLoss, repulsionLoss } from './losses.js';

/** What keeps links near their prior in training. */
export interface Regulariser {
  /** Draws the links among processors to a graphon. */
  readonly graphon?: {
    readonly target: Graphon;
    readonly measure: GraphonMeasure;
    readonly weight: number;
  };
  /** Draws signatures apart that are closer than the threshold. */
  readonly repulsion?: { readonly threshold: number; readonly weight: number };
}

/** Where a circuit has what the penalty is of. */
export interface PenalisedNames {
  /** Signatures of the processors, and all others. */
  readonly processors: string;
  readonly others: readonly string[];
  readonly propagators: readonly string[];
}

/** Updates between two assignments of modules to nodes of the graphon, which the authors make in each. */
const assignedEvery = 10;

/**
 * λ times the losses of links and signatures, added up. Where propagators learn their bandwidths, the loss of the graphon
 * is the sum over them, each with an assignment of its own. Undefined where nothing is asked for.
 */
export function createPenalty(
  { graphon, repulsion }: Regulariser,
  { processors, others, propagators }: PenalisedNames,
  links: LinkOptions,
): Penalty | undefined {
  // With one bandwidth all propagators have the same links.
  const places = links.learnBandwidth ? propagators : propagators.slice(0, 1);
  const isAligned = graphon !== undefined && places.length > 0;
  if (!isAligned && repulsion === undefined) return undefined;

  function computeAids(parameters: NamedArrays): NamedArrays {
    const signatures = parameters[processors]!;
    const shape = [signatures.shape[0]!, signatures.shape[0]!];
    return Object.fromEntries(
      places.map((place) => {
        const bandwidth = parameters[`${place}/bandwidth`]?.data[0] ?? 1;
        const aligned = alignGraphon(graphon!.target, tabulateLinks(signatures, bandwidth, links));
        return [graphonOf(place), { shape, data: aligned }];
      }),
    );
  }

  function graphonLosses(tensors: TensorMap): Tensor[] {
    if (!isAligned) return [];
    const signatures = tensors[processors]!;
    const distance = distances(signatures, signatures);
    return places.map((place) => {
      const found = linkProbabilities(distance, tensors[`${place}/bandwidth`] ?? scalar(1), links);
      return mul(graphonLoss(found, tensors[graphonOf(place)]!, graphon.measure), graphon.weight);
    });
  }

  function repulsionLosses(tensors: TensorMap): Tensor[] {
    if (repulsion === undefined) return [];
    const signatures = [processors, ...others].map((name) => tensors[name]!);
    return [mul(repulsionLoss(signatures, repulsion.threshold), repulsion.weight)];
  }

  return {
    parameters: [
      processors,
      ...(repulsion === undefined ? [] : others),
      ...(isAligned && links.learnBandwidth ? places.map((place) => `${place}/bandwidth`) : []),
    ],
    ...(isAligned && { aids: { every: assignedEvery, compute: computeAids } }),
    loss: (tensors) => addN([...graphonLosses(tensors), ...repulsionLosses(tensors)]),
  };
}

const alignedName = 'graphon';

/** The name of the graphon that is aligned with the links of a propagator. */
function graphonOf(place: string): string {
  return `${place}/${alignedName}`;
}

/** The parameters of a circuit alone, of a state that also holds what its penalty is computed with. */
export function withoutGraphons(parameters: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !name.endsWith(`/${alignedName}`)));
}
