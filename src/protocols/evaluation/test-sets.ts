import { HeldoutError } from '../../core/errors.js';
import { nameHeldVariables } from '../../splits/held.js';
import type { Material } from '../prepare.js';

/** Sets that training and its choices look at. */
const used: readonly string[] = ['train', 'validation', 'uda'];

/** Whether a set is there to fit read-outs anew to: by its name, since nothing else tells it from those for testing. */
export function isForRetraining(name: string): boolean {
  return name.startsWith('retrain');
}

/** The sets of a split that are for testing, in its order. */
export function listTestSets({ split }: Pick<Material, 'split'>): string[] {
  return Object.keys(split.sets).filter((name) => !used.includes(name) && !isForRetraining(name));
}

/**
 * The set for testing that has no level which training has not: `iid` where there is one, else the first, else
 * `validation`. That training and testing are published as parts of a dataset counts for nothing. Throws HeldoutError where
 * there is none.
 * @param place The key that names a set instead, or a list of sets.
 */
export function findInDistribution(material: Material, place: string, isList: boolean): string {
  const { dataset, split } = material;
  const names = listTestSets(material);
  const { part: _published, ...held } = split.held;
  const inParts = { ...split, held };
  const candidates = [...names.filter((name) => name === 'iid'), ...names, 'validation'];
  const found = candidates.find((name) => {
    const examples = split.sets[name];
    return (
      examples !== undefined &&
      examples.length > 0 &&
      nameHeldVariables(dataset.table, inParts, examples).every((held) => held === '')
    );
  });
  if (found !== undefined) return found;
  const named = names[0] ?? 'SET';
  throw new HeldoutError({
    code: 'E_SET_IN_DISTRIBUTION',
    message: 'no set of the split has only levels that training has seen',
    place,
    hints: [`name one: '++${place}=${isList ? `[${named}]` : named}'`, 'give the split a set validation'],
  });
}

/** Throws HeldoutError where the split lacks one of these sets, or has no example in it. */
export function requireSets({ split }: Material, names: readonly string[], place: string): void {
  const known = Object.keys(split.sets).filter((name) => split.sets[name]!.length > 0);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new HeldoutError({
    code: 'E_SET_UNKNOWN',
    message: `the split has no set '${unknown}' with examples`,
    place,
    hints: [`use one of: ${known.join(', ')}`],
  });
}
