import { HeldoutError } from '../../core/errors.js';
import type { Entry, GroupCounts } from '../index.js';
import type { Loss, Objective } from '../objective.js';
import { requireClasses } from '../requirements.js';
import type { ObjectiveConfig } from '../traits.js';
import type { EnvironmentName } from './names.js';
import type { EnvironmentHead } from './risks.js';

/** Makes each objective of this folder; loaded on demand. */
export const environmentObjectives: {
  readonly [Name in EnvironmentName]: Entry<Extract<ObjectiveConfig, { name: Name }>>;
} = {
  irm: byLoss(async (of, options) => (await import('./invariance/irm.js')).createIrm(options, of)),
  vrex: byLoss(async (of, options) => (await import('./invariance/vrex.js')).createVrex(options, of)),
  ib_erm: byLoss(async (of, options) =>
    (await import('./invariance/bottleneck.js')).createIbErm(options, of),
  ),
  ib_irm: byLoss(async (of, options) =>
    (await import('./invariance/bottleneck.js')).createIbIrm(options, of),
  ),
  trm: entry(async (of, options, { width }) =>
    (await import('./invariance/trm.js')).createTrm(options, of, width),
  ),
  group_dro: entry(async (of) => (await import('./worst-case/group-dro.js')).createGroupDro(of)),
  eqrm: byLoss(async (of, options) => (await import('./worst-case/eqrm.js')).createEqrm(options, of)),
  rdm: byLoss(async (of) => (await import('./worst-case/rdm.js')).createRdm(of)),
  and_mask: entry(async (of) => {
    const { andMask, createMasked } = await import('./gradients/masked.js');
    return createMasked(of, andMask);
  }),
  sand_mask: entry(async (of) => {
    const { createMasked, sandMask } = await import('./gradients/masked.js');
    return createMasked(of, sandMask);
  }),
  iga: entry(async (of) => (await import('./gradients/iga.js')).createIga(of)),
  fishr: entry(async (of, options, { width }) =>
    (await import('./gradients/fishr.js')).createFishr(options, of, width),
  ),
  fish: entry(async (of) => (await import('./gradients/fish.js')).createFish(of)),
  mldg: entry(async (of, options) => {
    if (options.tests >= of.environments) throw refuseTests(options.tests, of);
    return (await import('./gradients/mldg.js')).createMldg(options, of);
  }),
  coral: byLoss(async (of) => (await import('./alignment/coral.js')).createCoral(of)),
  mmd: byLoss(async (of) => (await import('./alignment/mmd.js')).createMmd(of)),
  causirl_coral: byLoss(async (of) => (await import('./alignment/causirl.js')).createCausirl('moments', of)),
  causirl_mmd: byLoss(async (of) => (await import('./alignment/causirl.js')).createCausirl('kernel', of)),
  cad: byLoss(async (of) => (await import('./alignment/cad.js')).createCad(false, of)),
  cond_cad: byLoss(async (of) => (await import('./alignment/cad.js')).createCad(true, of)),
  dann: entry(async (of, options, { width }) =>
    (await import('./adversaries/dann.js')).createDann(options, of, width),
  ),
  cdann: entry(async (of, options, { width }) =>
    (await import('./adversaries/dann.js')).createCdann(options, of, width),
  ),
  sagnet: entry(async (of, _, { width }) =>
    (await import('./adversaries/sagnet.js')).createSagNet(of, width),
  ),
  transfer: entry(async (of, options, { width }) =>
    (await import('./adversaries/transfer.js')).createTransfer(options, of, width),
  ),
  urm: entry(async (of, options, { width }) =>
    (await import('./adversaries/urm.js')).createUrm(options, of, width),
  ),
  adrmx: entry(async (of, options, { width, body = {} }) => {
    return (await import('./adversaries/adrmx.js')).createAdrmx(options, of, { width, parameters: body });
  }),
  mixup: entry(async (of) => ({
    direct: (await import('./regularisation/mixup.js')).createMixup(of),
  })),
  self_reg: entry(async (of, options, { width }) =>
    (await import('./regularisation/self-reg.js')).createSelfReg(options, of, width),
  ),
  rsc: byLoss(async (of) => (await import('./regularisation/rsc.js')).createRsc(of)),
  sd: byLoss(async (of) => (await import('./regularisation/sd.js')).createSd(of)),
  erm_plus_plus: byLoss(async ({ head }) =>
    (await import('../cross-entropy.js')).createCrossEntropy({ label_smoothing: 0 }, [head]),
  ),
  mtl: entry(async (of, options, { width }) =>
    (await import('./context/mtl.js')).createMtl(options, of, width),
  ),
  arm: entry(async (of, options, counts) => {
    return (await import('./context/arm.js')).createArm(options, of, requireInput(counts));
  }),
};

type Make<Options, Made> = (
  of: EnvironmentHead,
  options: Options,
  counts: GroupCounts & { readonly width: number },
) => Promise<Made>;

/** Of objectives that are for one target that has classes. */
function entry<Options extends ObjectiveConfig>(make: Make<Options, Objective>): Entry<Options> {
  return {
    async create(options, heads, { environments = 0, width = 0, ...counts }) {
      const of = { head: requireClasses(options.name, heads), environments };
      return make(of, options, { ...counts, environments, width });
    },
  };
}

function byLoss<Options extends ObjectiveConfig>(make: Make<Options, Loss>): Entry<Options> {
  return entry<Options>(async (...all) => ({ loss: await make(...all) }));
}

function refuseTests(tests: number, { environments }: EnvironmentHead): HeldoutError {
  return new HeldoutError({
    code: 'E_OBJECTIVE_ENVIRONMENTS',
    message: `of ${environments} environments ${tests} are for the meta-test, and none is left for the meta-training`,
    place: 'objective.tests',
    hints: [`objective.tests=${environments - 1}`],
  });
}

/** The one input that a context is appended to. Throws HeldoutError where there are others, or it is neither. */
function requireInput({ inputs = {} }: GroupCounts) {
  const [first, ...others] = Object.entries(inputs);
  if (first !== undefined && others.length === 0 && [1, 3].includes(first[1].length)) {
    return { name: first[0], shape: first[1] };
  }
  const found = Object.entries(inputs).map(([name, shape]) => `${name} [${shape.join(', ')}]`);
  throw new HeldoutError({
    code: 'E_OBJECTIVE_INPUTS',
    message: `the objective arm is for one input, an image or a vector, but the dataset has ${found.join(', ')}`,
    place: 'objective.name',
    hints: ['objective=cross_entropy'],
  });
}
