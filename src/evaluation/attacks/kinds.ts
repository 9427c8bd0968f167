import { apgd } from './apgd.js';
import type { Attempt, Found } from './attacked.js';
import { fgsm, pgd } from './pgd.js';
import { square } from './square.js';

export type AttackKind = 'fgsm' | 'pgd' | 'apgd-ce' | 'apgd-dlr' | 'square';

/** Every kind, by its name in `evaluation.attacks.kinds`. */
const kinds: Readonly<Record<AttackKind, (attempt: Attempt) => Promise<Found>>> = {
  fgsm,
  pgd,
  'apgd-ce': (attempt) => apgd(attempt, 'ce'),
  'apgd-dlr': (attempt) => apgd(attempt, 'dlr'),
  square,
};

export function attemptKind(kind: AttackKind, attempt: Attempt): Promise<Found> {
  return kinds[kind](attempt);
}

/** Whether another attempt may find what the first did not. */
export function isRandom(kind: AttackKind): boolean {
  return kind !== 'fgsm';
}

/**
 * The kinds for so many classes: the ratio of differences of logits is about three of them, so that with two cross-entropy
 * takes its place, once.
 */
export function kindsFor(asked: readonly AttackKind[], classes: number): readonly AttackKind[] {
  if (classes > 2) return asked;
  return [...new Set(asked.map((kind) => (kind === 'apgd-dlr' ? 'apgd-ce' : kind)))];
}
