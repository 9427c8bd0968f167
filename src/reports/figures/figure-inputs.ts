import type { SplitImages } from '../../figures/images-per-split.js';
import { type RunPaths, runFolder, runPaths } from '../../runs/folder.js';
import type { Plan, PlannedJob } from '../../sweeps/plan.js';
import type { StudyRecords } from '../records/study-records.js';

/** What the figures of a study are drawn from. */
export interface FigureInputs {
  readonly plan: Plan;
  readonly resultsFolder: string;
  readonly study: StudyRecords;
  /** Sample images of every split; asked for only when they are drawn. */
  readonly splitImages: (jobs: readonly PlannedJob[]) => Promise<readonly SplitImages[]>;
}

export function pathsOf({ plan, resultsFolder }: FigureInputs, { run }: PlannedJob): RunPaths {
  return runPaths(runFolder(resultsFolder, plan.study, run));
}
