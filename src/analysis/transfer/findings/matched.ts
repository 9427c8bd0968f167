import type { FindingsRule } from '../../../config/index.js';
import { groupBy } from '../../records.js';
import { listOutcomes } from '../effects/outcomes.js';
import type { Domain } from './domains.js';

/**
 * OOD accuracy of networks that were trained whole less that of those with a new head alone, all else being equal: mean over
 * matched networks of a domain that have one level of shots. NaN where none match.
 */
export function gainOfFull({ records }: Domain, { mode, shots }: FindingsRule, level: string): number {
  const own = listOutcomes(records).filter(({ factors }) => factors[shots.factor] === level);
  const alike = groupBy(own, ({ factors }) => {
    const others = Object.entries(factors).filter(([name]) => name !== mode.factor);
    return JSON.stringify(others.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  const gains = [...alike.values()].flatMap((members) => {
    const [full, head] = [mode.full, mode.head].map((wanted) =>
      members.find(({ factors }) => factors[mode.factor] === wanted),
    );
    return full && head ? [full.values['OOD accuracy'] - head.values['OOD accuracy']] : [];
  });
  return gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
}
