import { type ExperimentConfig, together } from '../config/index.js';
import { HeldoutError } from '../core/errors.js';
import { isJsonObject } from '../core/json.js';
import type { PlannedJob } from '../sweeps/plan.js';
import { dataFolderOf } from './jobs/data-folder.js';

/**
 * Checks every split that the jobs ask for, without reading images, so that what cannot be is said before anything
 * runs. `making` makes each, which takes longer, and so finds also one that leaves a set empty. Throws all errors at
 * once; gives what was decided about the data, a sentence each.
 */
export async function checkSplits(jobs: readonly PlannedJob[], making: boolean): Promise<readonly string[]> {
  const notes = new Set<string>();
  if (jobs.length === 0) return [];
  const [{ openTable }, { makeSplit }, { checkSplitConfig }, { checkGroups }, { tellDomains }] =
    await Promise.all([
      import('../datasets/index.js'),
      import('../splits/index.js'),
      import('../splits/checks.js'),
      import('./check-groups.js'),
      import('./tell-domains.js'),
    ]);
  const errors = new Map<string, HeldoutError>();
  const bySplit = new Map<string, PlannedJob[]>();
  for (const job of jobs) {
    const key = JSON.stringify([job.config.dataset, job.config.split]);
    bySplit.set(key, [...(bySplit.get(key) ?? []), job]);
  }
  for (const own of bySplit.values()) {
    const job = own[0]!;
    const configs = own.map((each) => each.config as unknown as ExperimentConfig);
    const config = configs[0]!;
    try {
      const table = await openTable(config.dataset, { dataFolder: dataFolderOf(config) });
      for (const note of table.notes ?? []) notes.add(note);
      for (const note of tellDomains(table, config.split)) notes.add(note);
      if (!making) checkSplitConfig(table, config.split);
      else for (const note of checkGroups(table, makeSplit(table, config.split), configs)) notes.add(note);
    } catch (error) {
      if (!(error instanceof HeldoutError)) throw error;
      const placed = placeError(error, job);
      errors.set(`${placed.place} ${placed.message}`, placed);
    }
  }
  if (errors.size > 0) throw together([...errors.values()]);
  return [...notes];
}

/** The error names a key: says where that key was written. */
function placeError(error: HeldoutError, { provenance }: PlannedJob): HeldoutError {
  const { code, message, place: key = '', hints } = error;
  const origins = isJsonObject(provenance) ? Object.entries(provenance) : [];
  const origin = origins.find(([name]) => name === key || name.startsWith(`${key}.`))?.[1];
  if (!isJsonObject(origin) || typeof origin.place !== 'string') return error;
  return new HeldoutError({ code, message: `${key}: ${message}`, place: origin.place, hints });
}
