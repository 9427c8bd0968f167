import { type Constraint, solve } from 'yalps';
import {
  type DiscretePopulation,
  effectsOnGap,
  measureRandomised,
  type RandomisedRule,
} from './optimal-rule.js';

/**
 * The same optimum as `optimalRule`, found by a solver of linear programs that knows nothing of the closed form: maximise
 * Σ share (2 η − 1) h over 0 ≤ h ≤ 1 with |Σ effect h| ≤ slack. For up to a few hundred kinds.
 */
export function solveOptimalRule(population: DiscretePopulation, slack: number): RandomisedRule {
  const { share, eta } = population;
  const effects = effectsOnGap(population);
  const kinds = [...eta.keys()];
  const solution = solve(
    {
      direction: 'maximize',
      objective: 'gain',
      constraints: new Map<string, Constraint>([
        ['gap', { min: -slack, max: slack }],
        ...kinds.map((i) => [`at most one ${i}`, { max: 1 }] as const),
      ]),
      variables: kinds.map(
        (i) =>
          [
            String(i),
            new Map([
              ['gain', share[i]! * (2 * eta[i]! - 1)],
              ['gap', effects[i]!],
              [`at most one ${i}`, 1],
            ]),
          ] as const,
      ),
    },
    { includeZeroVariables: true, precision: 1e-10 },
  );
  // Deciding negatively about everybody always meets the slack, so the solver has no excuse.
  if (solution.status !== 'optimal') throw new Error(`the linear program is ${solution.status}`);
  const positive = new Float64Array(kinds.length);
  for (const [kind, value] of solution.variables) positive[Number(kind)] = value;
  return measureRandomised(population, positive);
}
