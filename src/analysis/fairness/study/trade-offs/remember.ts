import type { FairRun } from '../arms.js';

/** What is searched for a run and a limit, of which several tables speak: found once for each. */
export function remember<Found>(
  find: (run: FairRun, limit: number) => Found,
): (run: FairRun, limit: number) => Found {
  const byRun = new WeakMap<FairRun, Map<number, { readonly found: Found }>>();
  return (run, limit) => {
    const own = byRun.get(run) ?? new Map<number, { readonly found: Found }>();
    byRun.set(run, own);
    const known = own.get(limit) ?? { found: find(run, limit) };
    own.set(limit, known);
    return known.found;
  };
}
