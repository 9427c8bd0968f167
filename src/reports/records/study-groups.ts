import { isJsonObject } from '../../core/json.js';
import { analyseGroups } from '../../evaluation/fairness/analyse.js';
import { readPredictions } from '../../evaluation/predictions-file.js';
import { type RunPaths, runFolder, runPaths } from '../../runs/folder.js';
import type { Plan, PlannedJob } from '../../sweeps/plan.js';
import type { GroupRun } from '../../tables/groups.js';

/** Analyses the groups of people of every job whose config names protected variables, from its predictions. */
export async function readGroups(
  { study }: Plan,
  resultsFolder: string,
  jobs: readonly PlannedJob[],
): Promise<readonly GroupRun[]> {
  const runs: GroupRun[] = [];
  for (const job of jobs) {
    const names = protectedOf(job);
    if (names === undefined) continue;
    const analyses = await analyseRun(runPaths(runFolder(resultsFolder, study, job.run)), job, names);
    const { dataset, model, split } = job.labels;
    runs.push({ labels: { dataset, model, split }, reference: job.protocol === 'reference', analyses });
  }
  return runs;
}

async function analyseRun({ predictions }: RunPaths, job: PlannedJob, names: readonly string[]) {
  const table = await readPredictions(predictions, job.run);
  return analyseGroups(table, { protected: names, set: setOf(job) });
}

function protectedOf({ config }: PlannedJob): readonly string[] | undefined {
  const names = isJsonObject(config.evaluation) ? config.evaluation.protected : undefined;
  return Array.isArray(names) ? names.map(String) : undefined;
}

/** Plans of before there was such a key have none. */
function setOf({ config }: PlannedJob): string {
  const set = isJsonObject(config.study) ? config.study.group_set : undefined;
  return typeof set === 'string' ? set : 'test';
}
