import { partPrefix } from './own-parameters.js';

/** How the names of one of an objective's own networks begin: `parts/style/`. */
export function partsNamed(name: string): string {
  return `${partPrefix}${name}/`;
}

export const readOutPrefix = 'read-out/';

/** Whether a parameter is of the linear layer that models end with. */
export function isReadOut(name: string): boolean {
  return name.startsWith(readOutPrefix);
}
