/**
 * Begin the names of parameters that belong to an objective, and to no model: what it trains against one, what it trains
 * beside one, and its state.
 */
export const adversaryPrefix = 'adversary/';
export const partPrefix = 'parts/';
export const statePrefix = 'objective/';

const prefixes = [adversaryPrefix, partPrefix, statePrefix] as const;

/** Parameters without those of an objective. */
export function withoutObjective<T>(parameters: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix))),
  );
}
