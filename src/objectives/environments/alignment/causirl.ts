import {
  cast,
  concat,
  div,
  greaterEqual,
  less,
  maximum,
  min,
  mul,
  range,
  reshape,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import type { Loss } from '../../objective.js';
import { drawn } from '../draws.js';
import { createWeighed } from '../penalised.js';
import type { EnvironmentHead } from '../risks.js';
import { featureScales, kernelDistance } from './kernel-distance.js';
import { momentDistance, momentsOfMembers } from './moments.js';

/** How two piles of rows are compared. */
export type Matching = 'moments' | 'kernel';

/**
 * CausIRL (Chevalley, Bunne, Krause & Bauer, Invariant Causal Mechanisms through Distribution Matching, 2022), with CORAL's
 * moments or MMD's kernel: the rows of each environment are cut at a drawn place, `batch['draws/cut']` `[environments]`;
 * what stands before all cuts is one pile, the rest the other. The loss is the mean risk of the environments +
 * `numbers.strength` × the distance of the piles' features, or 0 where a pile has fewer than two rows.
 */
export function createCausirl(matching: Matching, of: EnvironmentHead): Loss {
  return createWeighed(of, ({ features }, batch) => {
    const members = pileUp(of, batch, features!.shape[0]!);
    const counts = sum(members, 1);
    const enough = cast(greaterEqual(min(counts), 2), 'float32');
    // The distance of too small a pile counts for nothing, but has to be a number.
    const sizes = maximum(counts, 2);
    const distance =
      matching === 'moments'
        ? momentDistance(momentsOfMembers(features!, members, sizes))
        : kernelDistance(features!, div(members, reshape(sizes, [2, 1])), featureScales);
    return mul(distance, enough);
  });
}

/** `[2, rows]`: 1 where a row is of the first pile, and of the second. */
function pileUp({ environments }: EnvironmentHead, batch: TensorMap, rows: number): Tensor {
  const places = reshape(range(0, rows / environments, 1, 'float32'), [1, -1]);
  const before = less(places, reshape(batch[drawn.cut]!, [environments, 1]));
  const first = reshape(cast(before, 'float32'), [1, rows]);
  return concat([first, sub(1, first)], 0);
}
