import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { composeStudy, type ExperimentConfig, loadSettings, validate } from '../config/index.js';
import { HeldoutError } from '../core/errors.js';
import { errorCode, explainFileError } from '../core/files.js';
import { projectRoot } from '../core/paths.js';
import { type Plan, readPlan, sweepFolder } from '../sweeps/plan.js';

/** Names of all plans that were ever launched into a results folder. */
export function listPlans(resultsFolder: string): readonly string[] {
  const folder = join(resultsFolder, 'sweeps');
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw explainFileError(error, folder);
  }
}

/** The plan of a study by its name, the name of an altered study, or an alias (`ood`). */
export function findPlan(resultsFolder: string, name: string): Plan {
  const plans = listPlans(resultsFolder);
  const found = plans.includes(name) ? name : plans.find((plan) => plan === studyNamed(name));
  if (found !== undefined) return readPlan(join(sweepFolder(resultsFolder, found), 'plan.jsonl'));
  throw new HeldoutError({
    code: 'E_PLAN_MISSING',
    message: `nothing was run under the name '${name}'`,
    place: resultsFolder,
    hints: [
      plans.length === 0
        ? 'nothing was run yet: npm run experiment -- --config ood.yaml'
        : `there are: ${plans.join(', ')}`,
    ],
  });
}

/** The study name of the config or experiment called `name`, if there is one. */
export function studyNamed(name: string): string | undefined {
  const settings = loadSettings(projectRoot());
  for (const attempt of [{ config: name, overrides: [] }, { overrides: [`experiment=${name}`] }]) {
    try {
      return configOf(composeStudy({ settings, ...attempt })).study.name;
    } catch (error) {
      if (!(error instanceof HeldoutError)) throw error;
    }
  }
  return undefined;
}

function configOf(study: Parameters<typeof validate>[0]): ExperimentConfig {
  return validate(study);
}
