import type { Variant } from './library/release.js';
import { type Driver, findDriverFault } from './system/driver.js';

/** What was typed: nothing, `--cpu`, `--cuda`, or `--from DIR`. */
export type Wish =
  | { readonly kind: 'auto' | 'cpu' | 'cuda' }
  | { readonly kind: 'from'; readonly folder: string };

export interface Choice {
  readonly variant: Variant;
  /** Why, in a few words. */
  readonly reason: string;
  /** What the user should know besides. */
  readonly warning?: string;
}

/**
 * `auto` takes CUDA where a driver can run it, keeps what is in use, and else takes the CPU's. `--cuda` is built
 * whatever the driver: it runs on the CPU until the driver is there.
 */
export function chooseVariant(wish: Wish, active: Variant | undefined, driver: Driver | undefined): Choice {
  if (wish.kind === 'from') return { variant: 'from', reason: 'as asked for' };
  if (wish.kind === 'cpu') return { variant: 'cpu', reason: 'as asked for' };
  const fault = findDriverFault(driver);
  if (wish.kind === 'cuda') {
    if (fault === undefined) return { variant: 'cuda', reason: 'as asked for' };
    return {
      variant: 'cuda',
      reason: 'as asked for',
      warning: `${fault}: it runs on the CPU until that is there`,
    };
  }
  const tooOld = driver !== undefined && fault !== undefined ? { warning: fault } : {};
  if (active === 'from') return { variant: 'from', reason: 'in use', ...tooOld };
  if (fault === undefined) return { variant: 'cuda', reason: `NVIDIA driver ${driver?.version}` };
  if (active === 'cuda') return { variant: 'cuda', reason: 'in use', ...tooOld };
  return { variant: 'cpu', reason: fault, ...tooOld };
}
