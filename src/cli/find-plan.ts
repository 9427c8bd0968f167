import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { composeStudy, loadSettings, nearestNames, validate } from '../config/index.js';
import { HeldoutError } from '../core/errors.js';
import { errorCode, explainFileError } from '../core/files/file-errors.js';
import { projectRoot } from '../core/files/paths.js';
import { isJsonObject } from '../core/json.js';
import { listImports } from '../imports/store.js';
import { type Plan, readPlan, sweepFolder } from '../sweeps/plan.js';

/** Names of all plans that were ever launched into a results folder; a plan may turn out to be damaged. */
export function listPlans(resultsFolder: string): readonly string[] {
  const folder = join(resultsFolder, 'sweeps');
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .filter((name) => existsSync(planFile(resultsFolder, name)))
      .sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw explainFileError(error, folder, 'read');
  }
}

/** The plan of a study by its name, the name of an altered study, or an alias (`ood`). */
export function findPlan(resultsFolder: string, name: string): Plan {
  const plans = listPlans(resultsFolder);
  const load = (plan: string) => readPlan(planFile(resultsFolder, plan));
  if (plans.includes(name)) return load(name);
  const readable = plans
    .filter((plan) => !plan.includes('@'))
    .map((plan) => tryPlan(resultsFolder, plan))
    .filter((plan): plan is Plan => !(plan instanceof HeldoutError));
  const found = readable.find((plan) => listAliases(plan).includes(name));
  if (found !== undefined) return found;
  const study = studyNamed(name);
  if (study !== undefined && plans.includes(study)) return load(study);
  const imports = listImports(resultsFolder);
  throw new HeldoutError({
    code: 'E_PLAN_MISSING',
    message: `nothing was run under the name '${name}'`,
    place: resultsFolder,
    hints:
      plans.length === 0 && imports.length === 0
        ? ['nothing was run yet: npm run experiment -- --config ood.yaml']
        : [
            ...nearestNames(study ?? name, [...plans, ...imports], 1).map(
              (near) => `did you mean '${near}'?`,
            ),
            `there are: ${[...plans, ...imports].join(', ')}`,
          ],
  });
}

/** One of the plans of `listPlans`, or what is wrong with it. */
export function tryPlan(resultsFolder: string, name: string): Plan | HeldoutError {
  try {
    return readPlan(planFile(resultsFolder, name));
  } catch (error) {
    if (error instanceof HeldoutError) return error;
    throw error;
  }
}

function planFile(resultsFolder: string, name: string): string {
  return join(sweepFolder(resultsFolder, name), 'plan.jsonl');
}

function listAliases({ jobs }: Plan): readonly string[] {
  const study = jobs[0]?.config.study;
  const aliases = isJsonObject(study) ? study.alias : undefined;
  return Array.isArray(aliases) ? aliases.map(String) : [];
}

/** The study name of the config or experiment called `name`, if there is one. */
function studyNamed(name: string): string | undefined {
  const settings = loadSettings(projectRoot());
  for (const attempt of [{ config: name, overrides: [] }, { overrides: [`experiment=${name}`] }]) {
    try {
      return validate(composeStudy({ settings, ...attempt })).study.name;
    } catch (error) {
      if (!(error instanceof HeldoutError)) throw error;
    }
  }
  return undefined;
}
