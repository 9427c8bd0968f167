import { nearestNames } from '../../config/index.js';
import { takeOptions } from '../derived/command-options.js';

/** How runs are averaged: their weights, all or those that a greedy choice keeps, or their outputs. */
export const averagingMethods = ['diwa', 'greedy', 'eoa'] as const;
export type AveragingMethod = (typeof averagingMethods)[number];

/** What the protocol is told of each. */
export const protocolOf: Readonly<Record<AveragingMethod, { readonly of: string; readonly choose: string }>> =
  {
    diwa: { of: 'weights', choose: 'all' },
    greedy: { of: 'weights', choose: 'greedy' },
    eoa: { of: 'logits', choose: 'all' },
  };

/**
 * Takes the option of `average` from the words of a command line. Throws all errors at once (exit 2).
 * @returns The method, and the other words.
 */
export function readAverageOptions(words: readonly string[]): {
  readonly method: AveragingMethod;
  readonly rest: readonly string[];
} {
  const { typed, rest, refuse, throwRefused } = takeOptions('average', ['method'], words);
  const asked = typed.get('method');
  const method = averagingMethods.find((known) => known === asked);
  if (method === undefined) {
    const near = asked === undefined ? undefined : nearestNames(asked, averagingMethods, 1)[0];
    refuse(
      asked === undefined ? 'command line' : `method=${asked}`,
      `method is one of ${averagingMethods.join(', ')}: mean weights, of all runs or of a greedy choice, or an ensemble`,
      `type method=${near ?? 'diwa'}`,
    );
  }
  throwRefused();
  return { method: method!, rest };
}
