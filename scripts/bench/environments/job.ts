import { composeJobs, composeStudy, type ExperimentConfig, loadSettings } from '../../../src/config/index.js';
import { projectRoot } from '../../../src/core/files/paths.js';

/** The IRM run of `experiments/colored-mnist-irm`, and ERM on turned digits as DomainBed trains it. */
export type EnvironmentsJob = 'irm' | 'rotated-mnist';

const words: Readonly<Record<EnvironmentsJob, { readonly config: string; readonly overrides: string[] }>> = {
  irm: {
    config: 'config.yaml',
    overrides: ['experiment=colored-mnist-irm', 'sweep.also=[]', 'objective=irm', 'seed=0'],
  },
  'rotated-mnist': {
    config: 'domainbed.yaml',
    overrides: [
      'dataset=rotated_mnist',
      'algorithm=erm',
      'split.test=[0]',
      'domainbed.hparams_seed=0',
      'domainbed.trial_seed=0',
    ],
  },
};

/** One run of it. */
export function composeJob(job: EnvironmentsJob): ExperimentConfig {
  const study = composeStudy({
    settings: loadSettings(projectRoot()),
    ...words[job],
    workingFolder: projectRoot(),
  });
  return composeJobs(study)[0]!.config;
}
