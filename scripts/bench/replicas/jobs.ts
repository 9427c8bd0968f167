import { composeJobs, composeStudy, type ExperimentConfig, loadSettings } from '../../../src/config/index.js';
import { projectRoot } from '../../../src/core/paths.js';

export const strengths = [0, 1, 2, 5, 10] as const;
export const seeds = [0, 1, 2] as const;
/** 15 epochs of 59 steps, which is a little more than all of the 15,081 people so often. */
export const mostSteps = 885;

/** The regularised networks of the study of Adult (`configs/fairness.yaml`): for each seed one of each strength. */
export function composeFair(steps: number): readonly ExperimentConfig[] {
  const study = composeStudy({
    settings: loadSettings(projectRoot()),
    config: 'fairness.yaml',
    overrides: [
      'sweep.also=[]',
      `seed=${seeds.join()}`,
      `objective.strength=${strengths.join()}`,
      `training.steps=${steps}`,
    ],
    workingFolder: projectRoot(),
  });
  return composeJobs(study).map(({ config }) => config);
}
