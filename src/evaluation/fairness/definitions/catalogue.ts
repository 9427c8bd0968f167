import type { Definition } from './definition.js';
import { differentialFairness } from './differential.js';
import { entropies } from './entropy.js';
import { errorRates } from './errors.js';
import { fairbench } from './fairbench.js';
import { fairret } from './fairret.js';
import { equalizedOdds } from './odds.js';
import { accuracyParity, demographicParity, equalOpportunity, predictiveParity } from './parity.js';
import { treatmentEquality } from './treatment.js';

/** All definitions that follow from counts, in the order in which tables show them. */
export const definitions: readonly Definition[] = [
  ...demographicParity,
  ...equalOpportunity,
  ...equalizedOdds,
  ...predictiveParity,
  ...accuracyParity,
  ...errorRates,
  ...treatmentEquality,
  ...entropies,
  ...differentialFairness,
  ...fairret,
  ...fairbench,
];

const byName = new Map(definitions.map((definition) => [definition.name, definition]));

/** Throws RangeError where there is none. */
export function findDefinition(name: string): Definition {
  const found = byName.get(name);
  if (found !== undefined) return found;
  throw new RangeError(`there is no group metric called ${name}`);
}
