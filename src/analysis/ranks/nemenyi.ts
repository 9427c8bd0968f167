/** The chance of a difference where there is none, over all pairs together. */
export type NemenyiLevel = 0.05 | 0.1;

/**
 * Quantiles of the studentised range for infinitely many degrees of freedom, divided by √2, for 2 to 20 treatments:
 * Demšar (2006), table 5 (a) has those up to 10 in three decimals; all are the root q of
 * k ∫ φ(z) (Φ(z) − Φ(z − √2 q))^(k − 1) dz = 1 − level.
 */
const quantiles: Readonly<Record<NemenyiLevel, readonly number[]>> = {
  0.05: [
    1.959964, 2.343701, 2.569032, 2.727774, 2.849705, 2.94832, 3.030878, 3.10173, 3.163684, 3.218654,
    3.268004, 3.312739, 3.353618, 3.39123, 3.426041, 3.458425, 3.488685, 3.517073, 3.543799,
  ],
  0.1: [
    1.644854, 2.052293, 2.291341, 2.459516, 2.588521, 2.692732, 2.779884, 2.854606, 2.919889, 2.977768,
    3.029694, 3.076733, 3.119693, 3.159199, 3.195743, 3.229723, 3.261461, 3.291224, 3.319233,
  ],
};

/**
 * By how much two mean ranks must differ to be told apart (Nemenyi 1963; Demšar 2006, section 3.2.2); undefined beyond 20
 * treatments.
 */
export function criticalDifference(
  treatments: number,
  blocks: number,
  level: NemenyiLevel,
): number | undefined {
  const quantile = quantiles[level][treatments - 2];
  return quantile && quantile * Math.sqrt((treatments * (treatments + 1)) / (6 * blocks));
}

/**
 * The largest groups of treatments whose mean ranks lie within the critical difference, each as places in `meanRanks`, best
 * first; without groups of one and without those inside another.
 */
export function groupUndecided(meanRanks: readonly number[], difference: number): number[][] {
  const order = meanRanks.map((_, at) => at).sort((a, b) => meanRanks[a]! - meanRanks[b]!);
  let reached = 0;
  return order.flatMap((first, from) => {
    let to = from;
    while (to < order.length && meanRanks[order[to]!]! - meanRanks[first]! <= difference + 1e-12) to += 1;
    if (to - from < 2 || to <= reached) return [];
    reached = to;
    return [order.slice(from, to)];
  });
}
