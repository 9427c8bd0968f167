import { composeJobs, composeStudy, type ExperimentConfig, loadSettings } from '../../../src/config/index.js';
import { projectRoot } from '../../../src/core/paths.js';

/** The IRM run of `experiments/colored-mnist-irm`, at one seed. */
export function composeIrm(): ExperimentConfig {
  const study = composeStudy({
    settings: loadSettings(projectRoot()),
    config: 'config.yaml',
    overrides: ['experiment=colored-mnist-irm', 'sweep.also=[]', 'objective=irm', 'seed=0'],
    workingFolder: projectRoot(),
  });
  return composeJobs(study)[0]!.config;
}
