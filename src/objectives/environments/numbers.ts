/** What risks and a penalty on them have in common, whatever the penalty. */
export interface PenalisedOptions {
  /** Weight of the penalty from update `anneal` on; what it is before, the objective says. */
  readonly strength: number;
  /** Updates before the penalty has its weight. */
  readonly anneal: number;
  /** Whether the optimiser begins anew at that update, with its running means at zero (DomainBed). */
  readonly restart: boolean;
  /** Whether a loss whose penalty weighs more than 1 is divided by that weight (Arjovsky et al. 2019). */
  readonly rescale: boolean;
  /** Weight of the sum of squares of all parameters within the loss, which `rescale` divides, too. */
  readonly l2: number;
}

/** The numbers of one step; `step` counts from 0, and before `anneal` the penalty weighs `before`. */
export function penalisedNumbers(
  { strength, anneal, rescale, l2 }: PenalisedOptions,
  step: number,
  before: number,
): Readonly<Record<string, number>> {
  const weight = step < anneal ? before : strength;
  const share = rescale && weight > 1 ? 1 / weight : 1;
  return { risk_share: share, penalty_share: weight * share, l2: l2 * share };
}
