import type { Stream } from '../../random/stream.js';
import type { BatchSizes } from '../environments/batch-sizes.js';
import type { ObjectiveConfig, Traits } from '../traits.js';
import { drawOrder } from './draws.js';
import type { StepName } from './names.js';
import { isDiscriminators, type TurnOptions, takeTurns } from './turns.js';

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
};

function drawFor(draw: (sizes: BatchSizes, source: Stream) => ReturnType<typeof drawOrder>) {
  return (_: unknown, sizes: BatchSizes, source: Stream) => draw(sizes, source);
}
