import type { UpdateGroup } from '../../engine/update-group.js';
import type { Stream } from '../../random/stream.js';
import { partPrefix } from '../own-parameters.js';
import { readOutPrefix } from '../part-names.js';
import type { InputShapes, ObjectiveConfig, Traits } from '../traits.js';
import { discriminatorPart, isDiscriminators, type TurnOptions, takeTurns } from './adversaries/turns.js';
import type { BatchSizes } from './batch-sizes.js';
import { drawLots, drawOrder, drawStyles, drawUniform } from './draws.js';
import type { StepName } from './names.js';
import { groupWarmUp, warmUp } from './regularisation/warm-up.js';

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
export const stepTraits: {
  readonly [Name in StepName]: Traits<Extract<ObjectiveConfig, { name: Name }>>;
} = {
  and_mask: { environments: true, numbers: ({ tau }) => ({ tau }) },
  sand_mask: { environments: true, numbers: ({ tau, k }) => ({ tau, k }) },
  iga: { environments: true, numbers: ({ strength }) => ({ strength }) },
  fish: {
    environments: true,
    numbers: ({ meta_rate }) => ({ meta_rate }),
    groups: (_, environments) => [{ name: 'clone', prefix: '', times: environments }],
  },
  mldg: { environments: true, numbers: ({ beta }) => ({ beta }), draws: drawFor(drawOrder) },
  dann: adversarial,
  cdann: adversarial,
  sagnet: {
    environments: true,
    features: true,
    numbers: ({ strength }) => ({ strength }),
    draws: drawFor(drawStyles),
    groups: () => bodyTwice,
  },
  urm: {
    environments: true,
    features: true,
    numbers: ({ strength }) => ({ strength }),
    draws: drawFor(drawUniform),
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
    draws: drawFor(drawLots),
    groups: takeTurns,
  },
  arm: {
    environments: true,
    looksAround: true,
    widen: ({ context }, inputs) => lengthen(inputs, context),
  },
};

function drawFor(draw: (sizes: BatchSizes, source: Stream) => ReturnType<typeof drawOrder>) {
  return (_: unknown, sizes: BatchSizes, source: Stream) => draw(sizes, source);
}

/** With so many channels, or numbers, more. */
function lengthen(inputs: InputShapes, more: number): InputShapes {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, shape]) => [name, [...shape.slice(0, -1), shape.at(-1)! + more]]),
  );
}
