import { HeldoutError } from '../../core/errors.js';
import type { Head } from '../../variables/targets.js';
import type { Entry, GroupCounts } from '../index.js';
import { requireClasses } from '../requirements.js';
import type { ObjectiveConfig } from '../traits.js';
import type { StepName } from './names.js';
import type { EnvironmentHead } from './risks.js';

/** Makes each objective of this folder; loaded on demand. */
export const stepObjectives: {
  readonly [Name in StepName]: Entry<Extract<ObjectiveConfig, { name: Name }>>;
} = {
  and_mask: {
    async create({ name }, heads, counts) {
      const { andMask, createMasked } = await import('./gradients/masked.js');
      return createMasked(environmentHead(name, heads, counts), andMask);
    },
  },
  sand_mask: {
    async create({ name }, heads, counts) {
      const { createMasked, sandMask } = await import('./gradients/masked.js');
      return createMasked(environmentHead(name, heads, counts), sandMask);
    },
  },
  iga: {
    async create({ name }, heads, counts) {
      return (await import('./gradients/iga.js')).createIga(environmentHead(name, heads, counts));
    },
  },
  fish: {
    async create({ name }, heads, counts) {
      return (await import('./gradients/fish.js')).createFish(environmentHead(name, heads, counts));
    },
  },
  mldg: {
    async create(options, heads, counts) {
      const of = environmentHead(options.name, heads, counts);
      if (options.tests >= of.environments) throw refuseTests(options.tests, of);
      return (await import('./gradients/mldg.js')).createMldg(options, of);
    },
  },
  dann: {
    async create(options, heads, counts) {
      const of = environmentHead(options.name, heads, counts);
      return (await import('./adversaries/dann.js')).createDann(options, of, counts.width ?? 0);
    },
  },
  cdann: {
    async create(options, heads, counts) {
      const of = environmentHead(options.name, heads, counts);
      return (await import('./adversaries/dann.js')).createCdann(options, of, counts.width ?? 0);
    },
  },
  sagnet: {
    async create({ name }, heads, counts) {
      const of = environmentHead(name, heads, counts);
      return (await import('./adversaries/sagnet.js')).createSagNet(of, counts.width ?? 0);
    },
  },
  urm: {
    async create(options, heads, counts) {
      const of = environmentHead(options.name, heads, counts);
      return (await import('./adversaries/urm.js')).createUrm(options, of, counts.width ?? 0);
    },
  },
  transfer: {
    async create(options, heads, counts) {
      const of = environmentHead(options.name, heads, counts);
      return (await import('./adversaries/transfer.js')).createTransfer(options, of, counts.width ?? 0);
    },
  },
  erm_plus_plus: {
    async create({ name }, heads) {
      const head = requireClasses(name, heads);
      const { createCrossEntropy } = await import('../cross-entropy.js');
      return { loss: createCrossEntropy({ label_smoothing: 0 }, [head]) };
    },
  },
  trm: {
    async create(options, heads, counts) {
      const of = environmentHead(options.name, heads, counts);
      return (await import('./invariance/trm.js')).createTrm(options, of, counts.width ?? 0);
    },
  },
  adrmx: {
    async create(options, heads, { body = {}, ...counts }) {
      const of = environmentHead(options.name, heads, counts);
      const { createAdrmx } = await import('./adversaries/adrmx.js');
      return createAdrmx(options, of, { width: counts.width ?? 0, parameters: body });
    },
  },
  arm: {
    async create(options, heads, counts) {
      const of = environmentHead(options.name, heads, counts);
      return (await import('./context/arm.js')).createArm(options, of, requireInput(counts));
    },
  },
};

function environmentHead(
  name: string,
  heads: readonly Head[],
  { environments = 0 }: GroupCounts,
): EnvironmentHead {
  return { head: requireClasses(name, heads), environments };
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
