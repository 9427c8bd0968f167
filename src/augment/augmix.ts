import type { Draws } from './draws.js';
import { blend } from './enhance.js';
import { applyTransform, transforms } from './rand-augment.js';
import type { Raster } from './raster.js';

export interface AugMixOptions {
  /** Largest strength of a transform, 0 to 10: each is uniform below it. */
  readonly magnitude: number;
  /** Chains of transforms that are mixed. */
  readonly width: number;
  /** Transforms of a chain; 0: one to three, drawn for each. */
  readonly depth: number;
  /** Concentration of the distributions that the shares of chains and image come from. */
  readonly concentration: number;
}

/** RandAugment's without what turns light into dark, and what lightens the dark alone. */
const chosen = Object.entries(transforms).flatMap(([name, transform]) =>
  ['invert', 'solarize_add'].includes(name) ? [] : [transform],
);

/**
 * AugMix (Hendrycks et al. 2020) as timm does it: `augmix-m5-w4-d2-b1` is magnitude 5, width 4 and depth 2. Chains of
 * transforms of the image are blended one after the other into it (timm's `blended`), each rounded down to bytes, by shares
 * from a Dirichlet distribution of which a beta-distributed part is for the chains. The loss between predictions of
 * several mixtures, which the paper has beside, is not here, as it is not in timm's transform.
 */
export function augMix(
  image: Raster,
  { magnitude, width, depth, concentration }: AugMixOptions,
  fill: number,
  draws: Draws,
): Raster {
  const shares = draws.dirichlet(concentration, width);
  const together = draws.beta(concentration);
  return blendingShares(shares, together).reduce((mixed, share) => {
    const length = depth > 0 ? depth : 1 + draws.below(3);
    let chain = image;
    for (let at = 0; at < length; at++) {
      const transform = chosen[draws.below(chosen.length)]!;
      chain = applyTransform(
        transform,
        chain,
        draws.uniform(0, magnitude),
        { interpolation: 'random', fill },
        draws,
      );
    }
    return blend(mixed, chain, share);
  }, image);
}

/**
 * How much of each chain is blended in, so that in the end chain i has `shares[i]` of `together` and the image the rest:
 * later ones cover what was there.
 */
export function blendingShares(shares: readonly number[], together: number): number[] {
  let left = 1;
  return shares
    .toReversed()
    .map((share) => {
      const own = (share * together) / left;
      left *= 1 - own;
      return own;
    })
    .toReversed();
}
