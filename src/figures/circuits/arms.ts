import type { CircuitFacts } from '../../evaluation/circuits/facts.js';

/** The circuits of one arm of a study, one per seed, ascending. */
export interface CircuitArm {
  readonly name: string;
  readonly circuits: readonly CircuitFacts[];
}

export type Links = NonNullable<CircuitFacts['links']>;

/** Arms whose modules are linked by signatures, each with its first circuit. */
export function linkedArms(
  arms: readonly CircuitArm[],
): { readonly name: string; readonly facts: CircuitFacts; readonly links: Links }[] {
  return arms.flatMap(({ name, circuits }) => {
    const facts = circuits.find(({ links }) => links !== null);
    return facts?.links == null ? [] : [{ name, facts, links: facts.links }];
  });
}

/** Modules from the one with the most links to the one with the fewest. */
export function rankHubs(degrees: readonly number[]): number[] {
  return degrees.map((_, module) => module).sort((a, b) => degrees[b]! - degrees[a]! || a - b);
}
