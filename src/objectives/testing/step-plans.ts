import { type AlgorithmCase, batchLabels } from './algorithms.js';

/** Random numbers of an update, by name. */
export type Draws = Readonly<Record<string, Nested>>;
export type Nested = number | readonly Nested[];

type Scalars = Readonly<Record<string, number>>;

/** How a case of the reference numbers is trained here. */
export interface StepPlan {
  readonly objective: object;
  /** Whether inputs are images. */
  readonly images?: boolean;
  /** Of the optimiser; Adam's betas and the rate of the reference unless told. */
  readonly optimizer?: object;
  /** The name here of a parameter there, without `parts/`; or what is carried on, whole. */
  rename?(name: string): string;
  /** Parameters that start as another one does, by their names there. */
  readonly copies?: Readonly<Record<string, string>>;
  /** The loss here, of the scalars there; `loss` unless told. */
  loss?(scalars: Scalars): number;
  /** The random numbers here of those there, in update `t`; the same unless told. */
  draws?(draws: Draws, t: number): Draws;
  /** What is carried on, by its name there. */
  readonly state?: Readonly<Record<string, string>>;
}

const disguised = (name: string) => name.replace('embeddings/', 'discriminator/');

/** Of whose turn it is. */
const turnLoss = ({ gen_loss, disc_loss }: Scalars) => gen_loss ?? disc_loss!;
const narrow = { width: 6 };
const penalised = { ...narrow, gradient_penalty: 1, discriminator_steps: 2 };

const copies = { 'adversary/kernel': 'read-out/kernel', 'adversary/bias': 'read-out/bias' };
const projected = { delta: 0.1, adversary_rate: 0.1, adversary_steps: 5 };
const descent = { name: 'sgd', momentum: 0 };

const late = { name: 'trm', anneal: 3, alignment: 0.1 };
const trm = {
  state: { alpha: 'objective/alpha' },
  rename: (name: string) => name.replace(/^head/, 'objective/head'),
  loss: ({ nll, trm_loss }: Scalars) => nll! + trm_loss!,
};

const mixing = { name: 'adrmx', ...narrow, depth: 3 };
const adrmx = {
  optimizer: { learning_rate: 3e-3 },
  rename: (name: string) => name.replace(/^label\//, ''),
  draws: lotsOf,
  loss: ({ loss_total, loss_disc }: Scalars) => loss_total ?? loss_disc!,
};

const seeing = { name: 'arm', width: 3 };
const moments = ['norm1/mean', 'norm1/variance', 'norm2/mean', 'norm2/variance'];
const arm = {
  images: true,
  state: Object.fromEntries(moments.map((name) => [name, `objective/context/${name}`])),
};

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
  dann: { objective: { name: 'dann', ...narrow }, loss: turnLoss },
  'dann penalised': { objective: { name: 'dann', ...penalised }, loss: turnLoss },
  cdann: { objective: { name: 'cdann', ...narrow }, loss: turnLoss, rename: disguised },
  'cdann penalised': { objective: { name: 'cdann', ...penalised }, loss: turnLoss, rename: disguised },
  sagnet: { objective: { name: 'sagnet' }, loss: ({ loss_c }) => loss_c! },
  urm: { objective: { name: 'urm', ...narrow } },
  transfer: { objective: { name: 'transfer' }, copies },
  'transfer projected': { objective: { name: 'transfer', ...projected }, copies },
  'transfer gda_faithful': { objective: { name: 'transfer', trains: 'adversary' }, copies },
  'transfer gda_corrected': { objective: { name: 'transfer' }, optimizer: descent, copies },
  erm_plus_plus: { objective: { name: 'erm_plus_plus', warmup_steps: 2, average_from: 4 } },
  'trm faithful': { ...trm, objective: { ...late, slips: true } },
  'trm corrected': { ...trm, objective: late },
  'adrmx faithful': { ...adrmx, objective: { ...mixing, pairs: 'places' } },
  'adrmx corrected': { ...adrmx, objective: mixing },
  'arm faithful': {
    ...arm,
    objective: { ...seeing, train_context: false },
    rename: (name) => name.replace(/^context/, 'objective/context'),
  },
  'arm corrected': { ...arm, objective: seeing },
  'arm vectors': { objective: { name: 'arm', context: 2, width: 5 } },
};

/** Names of the algorithms that have plans. */
export const plannedAlgorithms: ReadonlySet<string> = new Set(
  Object.keys(plans).map((name) => name.split(' ')[0]!),
);

export function planOf({ name, variant }: AlgorithmCase): StepPlan | undefined {
  return plans[variant === undefined ? name : `${name} ${variant}`];
}

/** Lots that lead to the pairs of rows of the classes that have two rows or more. */
function lotsOf({ pairs }: Draws, t: number): Draws {
  const labels = batchLabels(t);
  const left = [...(pairs as readonly (readonly [number, number])[])];
  const chosen = [0, 1, 2].map((k) =>
    labels.filter((label) => label === k).length > 1 ? left.shift()! : [],
  );
  const lots = (side: 0 | 1) =>
    chosen.map((pair) => labels.map((_, row) => (row === pair[side] ? 0.75 : 0.25)));
  return { first: lots(0), second: lots(1) };
}
