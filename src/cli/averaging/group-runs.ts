import { HeldoutError } from '../../core/errors.js';
import { canonicalJson, isJsonObject, type JsonObject } from '../../core/json.js';
import type { PlannedJob } from '../../sweeps/plan.js';

/** Runs of a study that are averaged together. */
export interface RunGroup {
  /** What they have in common, in words. */
  readonly label: string;
  readonly jobs: readonly PlannedJob[];
}

/**
 * Trained runs of a study by what has to be the same: dataset, split, model and the name of the objective; and what a
 * training averages, which tells algorithms apart. Seeds, draws of hyper-parameters and all numbers may differ. Throws
 * HeldoutError where no two runs go together.
 */
export function groupRuns(study: string, jobs: readonly PlannedJob[]): readonly RunGroup[] {
  const groups = new Map<string, PlannedJob[]>();
  for (const job of jobs) {
    if (job.protocol !== 'supervised' && job.protocol !== 'adapt') continue;
    const key = canonicalJson(commonOf(job.config));
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  const several = [...groups.values()].filter((own) => own.length > 1);
  if (several.length > 0) return several.map((own) => ({ label: describe(own), jobs: own }));
  throw new HeldoutError({
    code: 'E_AVERAGE_FEW',
    message: `no two runs of the study '${study}' have dataset, split, model and objective in common, so there is nothing to average`,
    place: study,
    hints: [
      'sweep over draws: domainbed.hparams_seed=range(0,5) seed=0',
      'sweep over a rate: -m training.optimizer.learning_rate=1e-3,3e-4',
    ],
  });
}

function commonOf(config: JsonObject): JsonObject {
  const { dataset = null, split = null, model = null, objective, training, domainbed } = config;
  const { name = null } = isJsonObject(objective) ? objective : {};
  const { average = null, read_out_first = null, twice = null } = isJsonObject(training) ? training : {};
  const { trial_seed = null } = isJsonObject(domainbed) ? domainbed : {};
  return { dataset, split, model, name, average, read_out_first, twice, trial_seed };
}

/** The axes that all runs of a group have alike. */
function describe(jobs: readonly PlannedJob[]): string {
  const [first, ...others] = jobs.map(({ axes }) => axes);
  const shared = Object.entries(first!).filter(([key, value]) => others.every((axes) => axes[key] === value));
  return shared.map(([key, value]) => `${key}=${value}`).join(' ');
}
