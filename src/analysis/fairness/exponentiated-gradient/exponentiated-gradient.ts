import { setImmediate } from 'node:timers/promises';
import type { Matrix } from '../../../evaluation/probes/matrix.js';
import { findBestMixture } from './best-mixture.js';
import { createLogisticLearner, type Decide, type Learner } from './learner.js';
import { createMoments, type ParityConstraint, type People } from './moments.js';

export interface ReductionOptions {
  readonly constraint: ParityConstraint;
  /** How far a group's rate may be from that of all together, above 0. */
  readonly epsilon: number;
  /** Largest sum of the multipliers: a violation costs at most so much accuracy per point. 1 / epsilon unless told. */
  readonly bound?: number;
  /** Gap of the saddle point at which it ends, in shares of people. */
  readonly tolerance?: number;
  readonly mostIterations?: number;
  /** Step of the multipliers' exponents, divided by the bound. */
  readonly rate?: number;
  /** Logistic regression unless told. */
  readonly learner?: Learner;
  /** When it fires, its reason is thrown after the current iteration. */
  readonly signal?: AbortSignal;
}

/** Classifiers that are drawn from, anew for every person. */
export interface RandomizedClassifier {
  readonly members: readonly { readonly decide: Decide; readonly weight: number }[];
  /** Probability of a positive decision for each person. */
  decide(features: Matrix): Float64Array;
}

export interface Reduction {
  /** The mixture of fitted classifiers whose gap was least. */
  readonly classifier: RandomizedClassifier;
  /** The classifier that was fitted last, which alone need not keep the constraint. */
  readonly last: Decide;
  /** Of the mixture, on the people it was fitted on: expected error, and each difference that the constraint bounds. */
  readonly error: number;
  readonly differences: Readonly<Record<string, number>>;
  /** How far the mixture may be from the best there is, in error + bound · violation. */
  readonly gap: number;
  readonly iterations: { readonly made: number; readonly best: number };
  /** Whether the gap is within the tolerance. */
  readonly converged: boolean;
}

/** A fitted classifier by what it does to the people it was fitted on. */
interface Played {
  readonly decide: Decide;
  readonly error: number;
  readonly differences: Float64Array;
}

/**
 * The reductions approach (Agarwal et al. 2018): multipliers of the constraints grow exponentially with their violation, and
 * a learner answers each time with the classifier that costs least at them. Instead of the plain average, the best mixture of
 * all answers so far is taken, a linear program whose multipliers the learner answers too: this ends after tens of iterations
 * where the average takes thousands. Error and violation are near those of the best randomised classifier that the learner's
 * class has, if the learner is exact; a logistic regression only stands in for that. Lets other work in between two
 * iterations.
 */
export async function exponentiatedGradient(
  features: Matrix,
  people: People,
  options: ReductionOptions,
): Promise<Reduction> {
  const { epsilon, bound = 1 / epsilon, tolerance = 0.002, mostIterations = 50, rate = 2 } = options;
  if (!(epsilon > 0)) throw new RangeError(`epsilon is above 0, not ${epsilon}`);
  const moments = createMoments(options.constraint, people);
  const learner = options.learner ?? createLogisticLearner(features);
  const play = createPlayer(features, people, learner, moments);
  const size = moments.names.length;
  // Two multipliers for each difference: from above and from below.
  const exponents = new Float64Array(2 * size);
  const played: Played[] = [];
  let best: { gap: number; iteration: number; weights: Float64Array } = {
    gap: Number.POSITIVE_INFINITY,
    iteration: 0,
    weights: new Float64Array(),
  };
  let made = 0;
  while (made < mostIterations && best.gap > tolerance) {
    await setImmediate();
    options.signal?.throwIfAborted();
    made++;
    const answer = play(spreadBound(exponents, bound));
    played.push(answer);
    const { weights, multipliers } = findBestMixture(played, epsilon, bound);
    const reply = play(multipliers);
    const gap = measureGap(mix(played, weights), multipliers, reply, { epsilon, bound });
    if (gap < best.gap) best = { gap, iteration: made, weights };
    played.push(reply);
    for (let at = 0; at < size; at++) {
      exponents[at]! += (rate / bound) * (answer.differences[at]! - epsilon);
      exponents[size + at]! += (rate / bound) * (-answer.differences[at]! - epsilon);
    }
  }
  const { error, differences } = mix(played, best.weights);
  return {
    classifier: draw(played, best.weights),
    last: played.at(-1)!.decide,
    error,
    differences: Object.fromEntries(moments.names.map((name, at) => [name, differences[at]!])),
    gap: best.gap,
    iterations: { made, best: best.iteration },
    converged: best.gap <= tolerance,
  };
}

/** Multipliers that sum to less than the bound, by their exponents. */
function spreadBound(exponents: Float64Array, bound: number): Float64Array {
  // The one that is always there keeps the sum below the bound; nothing may overflow.
  const largest = Math.max(0, ...exponents);
  const powers = exponents.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sum, power) => sum + power, Math.exp(-largest));
  return powers.map((power) => (bound * power) / total);
}

/** Answers multipliers with the learner's classifier for what each person's decision then costs. */
function createPlayer(
  features: Matrix,
  people: People,
  learner: Learner,
  moments: ReturnType<typeof createMoments>,
): (multipliers: Float64Array) => Played {
  const { target } = people;
  const n = target.length;
  const size = moments.names.length;
  return (multipliers) => {
    // What a positive decision costs more than a negative one.
    const costs = Float64Array.from(target, (label) => (1 - 2 * label) / n);
    const net = Float64Array.from({ length: size }, (_, at) => multipliers[at]! - multipliers[size + at]!);
    moments.addDerivatives(net, costs);
    const decide = learner(
      Uint8Array.from(costs, (cost) => (cost < 0 ? 1 : 0)),
      costs.map((cost) => n * Math.abs(cost)),
    );
    const decisions = decide(features);
    let wrong = 0;
    for (let person = 0; person < n; person++) if (decisions[person] !== target[person]) wrong++;
    return { decide, error: wrong / n, differences: moments.measure(decisions) };
  };
}

/** What a mixture comes to; classifiers after the last weight are not in it. */
function mix(played: readonly Played[], weights: Float64Array): Pick<Played, 'error' | 'differences'> {
  const differences = new Float64Array(played[0]!.differences.length);
  let error = 0;
  for (const [member, weight] of weights.entries()) {
    error += weight * played[member]!.error;
    for (const [at, value] of played[member]!.differences.entries()) differences[at]! += weight * value;
  }
  return { error, differences };
}

/** What either side could gain by another choice: the multipliers, or the classifier, whose best is the reply. */
function measureGap(
  mixed: Pick<Played, 'error' | 'differences'>,
  multipliers: Float64Array,
  reply: Played,
  { epsilon, bound }: { readonly epsilon: number; readonly bound: number },
): number {
  const size = mixed.differences.length;
  const price = ({ error, differences }: Pick<Played, 'error' | 'differences'>) => {
    let sum = error;
    for (let at = 0; at < size; at++) {
      sum += multipliers[at]! * (differences[at]! - epsilon);
      sum += multipliers[size + at]! * (-differences[at]! - epsilon);
    }
    return sum;
  };
  const violation = Math.max(0, ...Array.from(mixed.differences, (value) => Math.abs(value) - epsilon));
  const here = price(mixed);
  return Math.max(mixed.error + bound * violation - here, here - price(reply));
}

function draw(played: readonly Played[], weights: Float64Array): RandomizedClassifier {
  const members = Array.from(weights.entries())
    .filter(([, weight]) => weight > 0)
    .map(([member, weight]) => ({ decide: played[member]!.decide, weight }));
  return {
    members,
    decide(features) {
      const rates = new Float64Array(features.rows);
      for (const { decide, weight } of members) {
        for (const [person, decision] of decide(features).entries()) rates[person]! += weight * decision;
      }
      return rates;
    },
  };
}
