import { type Criterion, criteria } from '../../analysis/fairness/criteria.js';
import { nearestNames } from '../../config/index.js';
import { takeOptions } from '../derived/command-options.js';

/** What `merge` was asked for. */
export interface MergeOptions {
  /** Largest gap on validation; of a certified rule in the population. */
  readonly within: number;
  readonly criterion: Criterion;
  /** Confidence of a certificate; absent: none. */
  readonly certify?: number;
}

const keys = ['within', 'criterion', 'certify'] as const;
type Key = (typeof keys)[number];

/**
 * Takes the options of `merge` from the words of a command line. Throws all errors at once (exit 2).
 * @returns The options, and the other words.
 */
export function readMergeOptions(words: readonly string[]): {
  readonly options: MergeOptions;
  readonly rest: readonly string[];
} {
  const { typed, rest, refuse, throwRefused } = takeOptions('merge', keys, words);
  const read = (key: Key): number => Number(typed.get(key)?.trim() || Number.NaN);

  const within = read('within');
  if (!typed.has('within')) {
    refuse('command line', 'how large may the gap between the groups be?', 'type within=0.05');
  } else if (!(within >= 0 && within <= 1)) {
    refuse(
      `within=${typed.get('within')}`,
      'within is a difference of rates, from 0 to 1',
      'type within=0.05',
    );
  }
  const asked = typed.get('criterion') ?? 'demographic_parity';
  const criterion = criteria.find((known) => known === asked) ?? 'demographic_parity';
  if (criterion !== asked) {
    const near = nearestNames(asked, criteria, 1)[0] ?? criterion;
    refuse(
      `criterion=${asked}`,
      `criterion takes one of ${criteria.join(', ')}, not '${asked}'`,
      `type criterion=${near}`,
    );
  }
  const certify = typed.has('certify') ? read('certify') : undefined;
  if (certify !== undefined && !(certify > 0 && certify < 1)) {
    refuse(
      `certify=${typed.get('certify')}`,
      'certify takes a confidence above 0 and below 1',
      'type certify=0.95',
    );
  }
  throwRefused();
  return { options: { within, criterion, ...(certify !== undefined && { certify }) }, rest };
}
