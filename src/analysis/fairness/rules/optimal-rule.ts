/** A population of finitely many kinds of people, arrays `[kinds]`. */
export interface DiscretePopulation {
  /** Share of the population, above 0; all sum to 1. */
  readonly share: Float64Array;
  /** Chance of a positive label. */
  readonly eta: Float64Array;
  /** Chance of belonging to group 1. */
  readonly gamma: Float64Array;
}

/** A randomised rule: each kind is decided positively with a probability. */
export interface RandomisedRule {
  /** Probability of a positive decision, `[kinds]`. */
  readonly positive: Float64Array;
  readonly accuracy: number;
  readonly ddp: number;
}

/** The optimum, and the price of parity that it rests on. */
export interface OptimalRule extends RandomisedRule {
  /**
   * λ: kind x is decided positively where 2 η − 1 − λ (γ − π) / (π (1 − π)) > 0. It has the sign of the gap without
   * constraint, and is 0 where that is within the slack.
   */
  readonly multiplier: number;
}

/**
 * The most accurate rule whose |DDP| is at most `slack`, of all rules, by the closed form: demographic parity is linear in
 * the decisions, DDP = E[h (γ − π)] / (π (1 − π)), so the optimum is a threshold on η that depends on γ, randomised on at
 * most one kind (Menon and Williamson 2018). It is walked out from λ = 0, kind by kind.
 */
export function optimalRule(population: DiscretePopulation, slack: number): OptimalRule {
  const { eta } = population;
  if (!(slack >= 0)) throw new RangeError(`a slack is 0 or more, not ${slack}`);
  const effects = effectsOnGap(population);
  const positive = Float64Array.from(eta, (chance) => (chance > 0.5 ? 1 : 0));
  const start = gapOf(effects, positive);
  const sign = Math.sign(start);
  const movable = [...eta.keys()]
    .filter((i) => (positive[i] === 1 ? 1 : -1) * sign * effects[i]! > 0)
    .map((i) => ({ i, price: priceOf(population, effects, i) }))
    .sort((p, q) => p.price - q.price);
  let excess = Math.abs(start) - slack;
  let multiplier = 0;
  for (const { i, price } of movable) {
    if (!(excess > 0)) break;
    const part = Math.min(1, excess / Math.abs(effects[i]!));
    positive[i] = positive[i] === 1 ? 1 - part : part;
    excess -= Math.abs(effects[i]!);
    multiplier = sign * price;
  }
  return { ...measureRandomised(population, positive), multiplier };
}

/** The threshold on η of somebody who looks like group 1 with chance `gamma`, where group 1 has the share `pi`. */
export function optimalThreshold(multiplier: number, gamma: number, pi: number): number {
  return 0.5 + ((multiplier / 2) * (gamma - pi)) / (pi * (1 - pi));
}

/** Accuracy and gap of a randomised rule. */
export function measureRandomised(population: DiscretePopulation, positive: Float64Array): RandomisedRule {
  const { share, eta } = population;
  const accuracy = positive.reduce(
    (sum, h, i) => sum + share[i]! * (h * eta[i]! + (1 - h) * (1 - eta[i]!)),
    0,
  );
  return { positive, accuracy, ddp: gapOf(effectsOnGap(population), positive) };
}

/** What deciding positively about all of a kind adds to DDP: share (γ − π) / (π (1 − π)). */
export function effectsOnGap({ share, gamma }: DiscretePopulation): Float64Array {
  const pi = share.reduce((sum, part, i) => sum + part * gamma[i]!, 0);
  return share.map((part, i) => (part * (gamma[i]! - pi)) / (pi * (1 - pi)));
}

/** λ at which a kind changes sides. */
function priceOf({ share, eta }: DiscretePopulation, effects: Float64Array, i: number): number {
  return Math.abs((share[i]! * (2 * eta[i]! - 1)) / effects[i]!);
}

function gapOf(effects: Float64Array, positive: Float64Array): number {
  return effects.reduce((sum, effect, i) => sum + effect * positive[i]!, 0);
}
