/** Begin the names of parameters that belong to an objective, and to no model: what it trains against one, and its state. */
export const adversaryPrefix = 'adversary/';
export const statePrefix = 'objective/';

/** Parameters without those of an objective. */
export function withoutObjective<T>(parameters: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(parameters).filter(
      ([name]) => !name.startsWith(adversaryPrefix) && !name.startsWith(statePrefix),
    ),
  );
}
