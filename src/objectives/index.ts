import type { ParameterSpec } from '../models/model.js';
import type { Head } from '../variables/targets.js';
import { stepObjectives } from './environments/index.js';
import type { Objective } from './objective.js';
import { requireBinary, requireClasses, requireTargets } from './requirements.js';
import type { ObjectiveConfig } from './traits.js';

/** Makes an objective; loaded on demand: the map itself needs no TensorFlow. */
export interface Entry<Options> {
  create(options: Options, heads: readonly Head[], counts: GroupCounts): Promise<Objective>;
}

/** How many of each there are, for an objective that asks for them. */
export interface GroupCounts {
  /** Levels of the protected variable. */
  readonly groups?: number;
  /** Environments of the training set, of which a batch has equal blocks of rows. */
  readonly environments?: number;
  /** Numbers that the model's read-out reads; 0 of a model without features. */
  readonly width?: number;
  /** Shapes of the dataset's inputs by name, without the batch axis. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /** The model's parameters but those of its read-out. */
  readonly body?: Readonly<Record<string, ParameterSpec>>;
}

const objectives: {
  readonly [Name in ObjectiveConfig['name']]: Entry<Extract<ObjectiveConfig, { name: Name }>>;
} = {
  squared_error: {
    async create(_, heads) {
      requireTargets('numbers', 'squared_error', heads);
      return { loss: (await import('./squared-error.js')).squaredError };
    },
  },
  cross_entropy: {
    async create(options, heads) {
      requireTargets('classes', 'cross_entropy', heads);
      return { loss: (await import('./cross-entropy.js')).createCrossEntropy(options, heads) };
    },
  },
  fair: {
    async create(options, heads, { groups = 0 }) {
      const head = requireBinary('fair', heads);
      return { loss: (await import('./fair.js')).createFair(options, head, groups) };
    },
  },
  two_heads: {
    async create(options, heads) {
      const first = requireBinary('two_heads', heads.slice(0, -1));
      const both = [first, heads.at(-1)!] as const;
      return { loss: (await import('./two-heads.js')).createTwoHeads(options, both) };
    },
  },
  reweighed: {
    async create(_, heads) {
      const head = requireBinary('reweighed', heads);
      return { loss: (await import('./reweighed.js')).createReweighed(head) };
    },
  },
  adversarial: {
    async create(options, heads, { groups = 0 }) {
      const head = requireBinary('adversarial', heads);
      return (await import('./adversarial.js')).createAdversarial(options, head, groups);
    },
  },
  irm: {
    async create(options, heads, { environments = 0 }) {
      const of = { head: requireClasses('irm', heads), environments };
      return { loss: (await import('./environments/invariance/irm.js')).createIrm(options, of) };
    },
  },
  vrex: {
    async create(options, heads, { environments = 0 }) {
      const of = { head: requireClasses('vrex', heads), environments };
      return { loss: (await import('./environments/invariance/vrex.js')).createVrex(options, of) };
    },
  },
  group_dro: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('group_dro', heads), environments };
      return (await import('./environments/worst-case/group-dro.js')).createGroupDro(of);
    },
  },
  sd: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('sd', heads), environments };
      return { loss: (await import('./environments/regularisation/sd.js')).createSd(of) };
    },
  },
  coral: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('coral', heads), environments };
      return { loss: (await import('./environments/alignment/coral.js')).createCoral(of) };
    },
  },
  mmd: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('mmd', heads), environments };
      return { loss: (await import('./environments/alignment/mmd.js')).createMmd(of) };
    },
  },
  causirl_coral: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('causirl_coral', heads), environments };
      return { loss: (await import('./environments/alignment/causirl.js')).createCausirl('moments', of) };
    },
  },
  causirl_mmd: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('causirl_mmd', heads), environments };
      return { loss: (await import('./environments/alignment/causirl.js')).createCausirl('kernel', of) };
    },
  },
  ib_erm: {
    async create(options, heads, { environments = 0 }) {
      const of = { head: requireClasses('ib_erm', heads), environments };
      return { loss: (await import('./environments/invariance/bottleneck.js')).createIbErm(options, of) };
    },
  },
  ib_irm: {
    async create(options, heads, { environments = 0 }) {
      const of = { head: requireClasses('ib_irm', heads), environments };
      return { loss: (await import('./environments/invariance/bottleneck.js')).createIbIrm(options, of) };
    },
  },
  fishr: {
    async create(options, heads, { environments = 0, width = 0 }) {
      const of = { head: requireClasses('fishr', heads), environments };
      return (await import('./environments/gradients/fishr.js')).createFishr(options, of, width);
    },
  },
  eqrm: {
    async create(options, heads, { environments = 0 }) {
      const of = { head: requireClasses('eqrm', heads), environments };
      return { loss: (await import('./environments/worst-case/eqrm.js')).createEqrm(options, of) };
    },
  },
  rdm: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('rdm', heads), environments };
      return { loss: (await import('./environments/worst-case/rdm.js')).createRdm(of) };
    },
  },
  mixup: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('mixup', heads), environments };
      return { direct: (await import('./environments/regularisation/mixup.js')).createMixup(of) };
    },
  },
  rsc: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('rsc', heads), environments };
      return { loss: (await import('./environments/regularisation/rsc.js')).createRsc(of) };
    },
  },
  mtl: {
    async create(options, heads, { environments = 0, width = 0 }) {
      const of = { head: requireClasses('mtl', heads), environments };
      return (await import('./environments/context/mtl.js')).createMtl(options, of, width);
    },
  },
  cad: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('cad', heads), environments };
      return { loss: (await import('./environments/alignment/cad.js')).createCad(false, of) };
    },
  },
  cond_cad: {
    async create(_, heads, { environments = 0 }) {
      const of = { head: requireClasses('cond_cad', heads), environments };
      return { loss: (await import('./environments/alignment/cad.js')).createCad(true, of) };
    },
  },
  self_reg: {
    async create(options, heads, { environments = 0, width = 0 }) {
      const of = { head: requireClasses('self_reg', heads), environments };
      return (await import('./environments/regularisation/self-reg.js')).createSelfReg(options, of, width);
    },
  },
  ...stepObjectives,
};

export const objectiveNames: readonly string[] = Object.keys(objectives);

function entryOf(config: ObjectiveConfig): Entry<ObjectiveConfig> {
  return objectives[config.name] as Entry<ObjectiveConfig>;
}

/** The objective of a config for a dataset's heads. Throws HeldoutError where it cannot be taken of them. */
export async function loadObjective(
  config: ObjectiveConfig,
  heads: readonly Head[],
  counts: GroupCounts = {},
): Promise<Objective> {
  return entryOf(config).create(config, heads, counts);
}
