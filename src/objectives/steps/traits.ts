import type { Stream } from '../../random/stream.js';
import type { BatchSizes } from '../environments/batch-sizes.js';
import type { ObjectiveConfig, Traits } from '../traits.js';
import { drawOrder } from './draws.js';
import type { StepName } from './names.js';

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
};

function drawFor(draw: (sizes: BatchSizes, source: Stream) => ReturnType<typeof drawOrder>) {
  return (_: unknown, sizes: BatchSizes, source: Stream) => draw(sizes, source);
}
