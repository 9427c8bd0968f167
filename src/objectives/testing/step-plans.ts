import type { AlgorithmCase } from './algorithms.js';

type Scalars = Readonly<Record<string, number>>;

/** How a case of the reference numbers is trained here. */
export interface StepPlan {
  readonly objective: object;
  /** Of the optimiser; Adam's betas and the rate of the reference unless told. */
  readonly optimizer?: object;
  /** The name here of a parameter there; `parts/` before it unless it is the model's. */
  rename?(name: string): string;
  /** The loss here, of the scalars there; `loss` unless told. */
  loss?(scalars: Scalars): number;
  /** What is carried on, by its name there. */
  readonly state?: Readonly<Record<string, string>>;
}

/** How each case is trained whose algorithm makes updates of its own: by name and variant. */
const plans: Readonly<Record<string, StepPlan>> = {
  and_mask: { objective: { name: 'and_mask' } },
  'and_mask lenient': { objective: { name: 'and_mask', tau: 0.3 } },
  sand_mask: { objective: { name: 'sand_mask' } },
  'sand_mask smooth': { objective: { name: 'sand_mask', tau: 0.2, k: 1e-3 } },
  iga: { objective: { name: 'iga' }, loss: ({ loss, penalty }) => loss! + 1000 * penalty! },
  fish: { objective: { name: 'fish' } },
  mldg: { objective: { name: 'mldg' } },
  'mldg one_meta_test': { objective: { name: 'mldg', tests: 1 } },
};

/** Names of the algorithms that have plans. */
export const plannedAlgorithms: ReadonlySet<string> = new Set(
  Object.keys(plans).map((name) => name.split(' ')[0]!),
);

export function planOf({ name, variant }: AlgorithmCase): StepPlan | undefined {
  return plans[variant === undefined ? name : `${name} ${variant}`];
}
