import { composeJobs, composeStudy, type ExperimentConfig, loadSettings } from '../../../src/config/index.js';
import { projectRoot } from '../../../src/core/files/paths.js';

/** Networks that a study trains with the same graph, one after the other or as replicas. */
export interface Family {
  readonly label: string;
  readonly networks: number;
  /** Updates of each. */
  readonly steps: number;
  /** PyTorch's time over Heldout's. */
  readonly goal: number;
  readonly config: string;
  readonly overrides: readonly string[];
}

const adultSteps = 885;
const digits = ['experiment=digits-transfer', 'split.train=mnist', '+split.shots=all', 'seed=range(0,16)'];

export const families = {
  /** The regularised networks of the study of Adult: 15 epochs of 59 steps, a little more than all people so often. */
  adult: {
    label: 'Adult, 15 networks',
    networks: 15,
    steps: adultSteps,
    goal: 5,
    config: 'fairness.yaml',
    overrides: ['sweep.also=[]', 'seed=0,1,2', 'objective.strength=0,1,2,5,10'],
  },
  /** Those of the study of digits, on 7,291 images of 16 x 16 pixels. */
  softmax: {
    label: 'digits, 16 softmax regressions 256-10',
    networks: 16,
    steps: 1500,
    goal: 8,
    config: 'config.yaml',
    overrides: [...digits, 'model=softmax'],
  },
  mlp: {
    label: 'digits, 16 MLPs 256-128-10',
    networks: 16,
    steps: 1500,
    goal: 4,
    config: 'config.yaml',
    overrides: [...digits, 'model=mlp'],
  },
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof families;

/** All networks of a family, for so many steps. */
export function composeFamily(name: FamilyName, steps: number): readonly ExperimentConfig[] {
  const { config, overrides } = families[name];
  const study = composeStudy({
    settings: loadSettings(projectRoot()),
    config,
    overrides: [...overrides, `training.steps=${steps}`],
    workingFolder: projectRoot(),
  });
  return composeJobs(study).map((job) => job.config);
}
