import { join } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/files/files.js';
import type { CircuitFacts } from '../../evaluation/circuits/facts.js';
import { readPruning } from '../../evaluation/circuits/pruning.js';
import { readRecord } from '../../evaluation/record.js';
import { runPaths } from '../../runs/folder.js';
import { listPlans, tryPlan } from '../find-plan.js';
import type { CircuitRun } from './circuit-run.js';

/** Writes the page of a circuit to `circuits/STUDY/RUN.html` of the results and returns its path. */
export async function writeCircuitPage(
  results: string,
  { run, study, folder }: CircuitRun,
  facts: CircuitFacts,
): Promise<string> {
  const [{ collectPageData }, { writePage }] = await Promise.all([
    import('../../reports/pages/circuit/collect.js'),
    import('../../reports/pages/circuit/page.js'),
  ]);
  const paths = runPaths(folder);
  const data = collectPageData({
    study,
    plan: findPlanOf(results, run) ?? 'STUDY',
    facts,
    record: readRecord(paths.record),
    pruning: readPruning(paths.pruning, run),
  });
  const path = join(results, 'circuits', study, `${run}.html`);
  writeFileAtomic(path, await writePage(data));
  return path;
}

/** The study whose plan has the run; a pruned one is in none. */
function findPlanOf(results: string, run: string): string | undefined {
  return listPlans(results).find((name) => {
    const plan = tryPlan(results, name);
    return !(plan instanceof HeldoutError) && plan.jobs.some((job) => job.run === run);
  });
}
