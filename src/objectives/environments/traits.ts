import { normalQuantile } from '../../core/numbers/normal-quantile.js';
import type { UpdateGroup } from '../../engine/update-group.js';
import type { Stream } from '../../random/stream.js';
import { partPrefix } from '../own-parameters.js';
import { readOutPrefix } from '../part-names.js';
import type { InputShapes, ObjectiveConfig, Traits } from '../traits.js';
import { discriminatorPart, isDiscriminators, type TurnOptions, takeTurns } from './adversaries/turns.js';
import type { BatchSizes } from './batch-sizes.js';
import {
  drawCuts,
  drawLots,
  drawMixtures,
  drawNoise,
  drawOrder,
  drawPartners,
  drawStyles,
  drawUniform,
} from './draws.js';
import type { EnvironmentName } from './names.js';
import { type PenalisedOptions, penalisedNumbers } from './numbers.js';
import { groupWarmUp, warmUp } from './regularisation/warm-up.js';

/** Of a penalty that comes late. */
const restarts = ({ restart, anneal }: { readonly restart: boolean; readonly anneal: number }) =>
  restart ? [anneal] : [];

const lateRate = ({
  anneal,
  late_learning_rate,
}: {
  readonly anneal: number;
  readonly late_learning_rate: number;
}) => ({
  from: anneal,
  learningRate: late_learning_rate,
});

/** Of a penalty that weighs `before` at first. */
const penalised = (before: number): Traits<PenalisedOptions> => ({
  environments: true,
  numbers: (options, step) => penalisedNumbers(options, step, before),
  restarts,
});

/** Of a penalty that always has its weight. */
const weighed: Traits<{ readonly strength: number }> = {
  environments: true,
  numbers: ({ strength }) => ({ strength }),
};

const contrastive: Traits<{ readonly strength: number; readonly temperature: number }> = {
  environments: true,
  features: true,
  numbers: ({ strength, temperature }) => ({ strength, temperature }),
};

const causirl = { ...weighed, features: true, draws: (_: object, ...sizes: Drawing) => drawCuts(...sizes) };

type Drawing = readonly [sizes: BatchSizes, source: Stream];

const adversarial: Traits<TurnOptions & { strength: number; gradient_penalty: number }> = {
  environments: true,
  features: true,
  groups: takeTurns,
  numbers: (options, step) => ({
    strength: options.strength,
    gradient_penalty: options.gradient_penalty,
    discriminating: Number(isDiscriminators(options, step)),
  }),
};

/** The network makes two updates in a step, its read-out and what else there is make one. */
const bodyTwice: readonly UpdateGroup[] = [
  { name: 'read-out', prefix: readOutPrefix },
  { name: 'parts', prefix: partPrefix },
  { name: 'network', prefix: '', times: 2 },
];

/** What is known of the objectives of this folder without loading them. */
export const environmentTraits: {
  readonly [Name in EnvironmentName]: Traits<Extract<ObjectiveConfig, { name: Name }>>;
} = {
  irm: penalised(1),
  vrex: penalised(1),
  group_dro: { environments: true, numbers: ({ eta }) => ({ eta }) },
  sd: weighed,
  coral: { ...weighed, features: true },
  mmd: { ...weighed, features: true },
  causirl_coral: causirl,
  causirl_mmd: causirl,
  ib_erm: { ...penalised(0), features: true },
  ib_irm: {
    environments: true,
    features: true,
    numbers: (options, step) => ({
      strength: step < options.anneal ? 1 : options.strength,
      bottleneck: step < options.bottleneck_anneal ? 0 : options.bottleneck_strength,
    }),
    restarts: ({ restart, anneal, bottleneck_anneal }) => (restart ? [anneal, bottleneck_anneal] : []),
  },
  fishr: {
    ...penalised(0),
    features: true,
    numbers: (options, step) => ({ ...penalisedNumbers(options, step, 0), ema: options.ema }),
  },
  eqrm: {
    environments: true,
    numbers: ({ anneal, quantile }, step) => ({
      mean_share: step < anneal ? 1 : 0,
      quantile_share: step < anneal ? 0 : 1,
      level: quantile,
      reach: normalQuantile(quantile),
    }),
    restarts,
    lateRate,
  },
  rdm: {
    environments: true,
    numbers: ({ anneal, strength, variance }, step) => ({
      matching: step < anneal ? 0 : strength,
      variance: step < anneal ? 0 : variance,
    }),
    restarts,
    lateRate,
  },
  mixup: { environments: true, draws: ({ alpha }, ...sizes) => drawMixtures(alpha, ...sizes) },
  rsc: {
    environments: true,
    features: true,
    numbers: ({ feature_drop, batch_drop }) => ({ feature_drop, batch_drop }),
  },
  mtl: {
    environments: true,
    features: true,
    looksAround: true,
    numbers: ({ ema }) => ({ ema }),
    draws: ({ noise }, ...sizes) => (noise ? drawNoise(...sizes) : {}),
  },
  cad: contrastive,
  cond_cad: contrastive,
  self_reg: { environments: true, features: true, draws: (_, ...sizes) => drawPartners(...sizes) },
  and_mask: { environments: true, numbers: ({ tau }) => ({ tau }) },
  sand_mask: { environments: true, numbers: ({ tau, k }) => ({ tau, k }) },
  iga: { environments: true, numbers: ({ strength }) => ({ strength }) },
  fish: {
    environments: true,
    numbers: ({ meta_rate }) => ({ meta_rate }),
    groups: (_, environments) => [{ name: 'clone', prefix: '', times: environments }],
  },
  mldg: {
    environments: true,
    numbers: ({ beta }) => ({ beta }),
    draws: (_, ...sizes) => drawOrder(...sizes),
  },
  dann: adversarial,
  cdann: adversarial,
  sagnet: {
    environments: true,
    features: true,
    numbers: ({ strength }) => ({ strength }),
    draws: (_, ...sizes) => drawStyles(...sizes),
    groups: () => bodyTwice,
  },
  urm: {
    environments: true,
    features: true,
    numbers: ({ strength }) => ({ strength }),
    draws: (_, ...sizes) => drawUniform(...sizes),
    groups: ({ discriminator_rate: rate }) => [
      {
        name: 'discriminator',
        prefix: discriminatorPart,
        ...(rate !== null && { learningRate: () => rate }),
      },
      { name: 'network', prefix: '' },
    ],
  },
  transfer: {
    environments: true,
    features: true,
    numbers: ({ strength, delta, adversary_rate }, step) => {
      return { strength, delta, adversary_rate, fresh: Number(step === 0) };
    },
    groups: () => bodyTwice,
  },
  erm_plus_plus: {
    features: true,
    groups: groupWarmUp,
    restarts: (options) => [warmUp(options)],
    averageStart: ({ average_from }) => average_from - 2,
  },
  trm: {
    environments: true,
    features: true,
    numbers: ({ anneal, alignment, eta }, step) => ({ alignment, eta, started: Number(step >= anneal) }),
  },
  adrmx: {
    environments: true,
    features: true,
    numbers: (options, step) => ({
      strength: options.strength,
      contrast: options.contrast,
      domains: options.domains,
      remix: options.remix,
      discriminating: Number(isDiscriminators(options, step)),
    }),
    draws: (_, ...sizes) => drawLots(...sizes),
    groups: takeTurns,
  },
  arm: {
    environments: true,
    looksAround: true,
    widen: ({ context }, inputs) => lengthen(inputs, context),
  },
};

/** With so many channels, or numbers, more. */
function lengthen(inputs: InputShapes, more: number): InputShapes {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, shape]) => [name, [...shape.slice(0, -1), shape.at(-1)! + more]]),
  );
}
