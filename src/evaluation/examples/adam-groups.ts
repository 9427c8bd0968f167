import { fillNormal } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import type { ExampleScores } from './example-scores.js';

export interface InferenceOptions {
  /** Updates of the memberships; 10,000 unless given. */
  readonly steps?: number | undefined;
  /** Of Adam; 0.001 unless given. */
  readonly learning_rate?: number | undefined;
}

/** As the code of Creager et al. (2021) and the assay have it. */
export const usualInference = { steps: 10_000, learning_rate: 1e-3 } as const;

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/**
 * Two groups of examples that break invariance most, by environment inference as published (Creager, Jacobsen & Zemel,
 * Environment Inference for Invariant Learning, ICML 2021): memberships q = sigmoid(a), a drawn from N(0, 1), follow the
 * gradient of ((mean of q D)² + (mean of (1 − q) D)²) / 2 upwards by Adam (0.9, 0.999, 1e-8), where D is an example's slope.
 * What it tends to is known (`inferGroups`): D of one sign in either group. An example whose D is so small that its gradient
 * is below Adam's epsilon stays where it was drawn.
 * @param seed Draws where memberships start.
 * @returns 1 for q above 0.5, else 0: which of the two groups is 1 depends on the draw.
 */
export function inferGroupsByAdam(
  { slope }: Pick<ExampleScores, 'slope'>,
  seed: number,
  options: InferenceOptions = {},
): Uint8Array {
  const start = fillNormal(stream(seed, 'environment inference'), new Float32Array(slope.length));
  const memberships = followMemberships(slope, Float64Array.from(start), options);
  return Uint8Array.from(memberships, (value) => (value > 0 ? 1 : 0));
}

/** The memberships a after Adam's updates; `start` is left as it is. */
export function followMemberships(
  slope: Float64Array,
  start: Float64Array,
  { steps = usualInference.steps, learning_rate: rate = usualInference.learning_rate }: InferenceOptions = {},
): Float64Array {
  const n = slope.length;
  const memberships = start.slice();
  const share = new Float64Array(n);
  const [first, second] = [new Float64Array(n), new Float64Array(n)];
  const total = slope.reduce((sum, value) => sum + value, 0);
  for (let step = 1; step <= steps; step++) {
    let inside = 0;
    for (let at = 0; at < n; at++) {
      share[at] = 1 / (1 + Math.exp(-memberships[at]!));
      inside += share[at]! * slope[at]!;
    }
    // Adam goes downhill, and the objective is to rise.
    const pull = (total - 2 * inside) / (n * n);
    const size = rate / (1 - beta1 ** step);
    const root = Math.sqrt(1 - beta2 ** step);
    for (let at = 0; at < n; at++) {
      const gradient = pull * slope[at]! * share[at]! * (1 - share[at]!);
      first[at] = beta1 * first[at]! + (1 - beta1) * gradient;
      second[at] = beta2 * second[at]! + (1 - beta2) * gradient * gradient;
      memberships[at]! -= (size * first[at]!) / (Math.sqrt(second[at]!) / root + epsilon);
    }
  }
  return memberships;
}
