import { HeldoutError, HeldoutErrors } from '../../core/errors.js';

/** What of a config an evaluation may change. */
const sections = ['dataset', 'split', 'evaluation', 'engine'] as const;
/** Groups of whole sections: `dataset=usps`. */
const groups = ['dataset', 'split', 'evaluation'] as const;
export type Group = (typeof groups)[number];

/** Throws HeldoutErrors (exit 2) where a word is about what was trained. */
export function requireAllowed(words: readonly string[]): void {
  const errors = words.flatMap((word, at) => {
    const key = keyOf(word);
    const place = `command line, argument ${at + 1}`;
    if (key === 'dataset.normalise' || key.startsWith('dataset.normalise.')) {
      return [refuse(key, place, ['its network gets images as it did in training'])];
    }
    if (sections.some((section) => key === section || key.startsWith(`${section}.`))) return [];
    return [refuse(key, place, hintsFor(key))];
  });
  if (errors.length > 0) throw new HeldoutErrors(errors);
}

/** The groups that a command line chooses an option of. */
export function listGroups(words: readonly string[]): readonly Group[] {
  return groups.filter((group) => words.some((word) => keyOf(word) === group && /^[\w]+=[^{[]/.test(word)));
}

/** `evaluation.seed` of `++evaluation.seed=1`. */
export function keyOf(word: string): string {
  return word
    .replace(/=.*$/s, '')
    .replace(/^[+~]*/, '')
    .replace(/@.*$/, '')
    .replaceAll('/', '.');
}

function hintsFor(key: string): readonly string[] {
  if (key === 'paths.data') return ['name the folder of the data as HELDOUT_DATA=FOLDER'];
  const allowed = 'an evaluation may change dataset, split, evaluation.KEY and engine.KEY';
  if (key.startsWith('paths.') || key.startsWith('study')) return [allowed];
  return [`to train otherwise, start its study with ${key} changed`, allowed];
}

function refuse(key: string, place: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({
    code: 'E_EVALUATE_OVERRIDE',
    message: `a run is evaluated as it was trained, so '${key}' has no effect`,
    place,
    hints,
  });
}
