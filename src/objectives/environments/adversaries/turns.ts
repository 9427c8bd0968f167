import type { UpdateGroup } from '../../../engine/update-group.js';
import { partPrefix } from '../../own-parameters.js';

/** A discriminator that takes turns with the network it is trained against. */
export interface TurnOptions {
  /** Steps of the discriminator for each one of the network. */
  readonly discriminator_steps: number;
  readonly beta1: number;
  /** Of the discriminator; null: that of the run. */
  readonly discriminator_rate: number | null;
  readonly discriminator_decay: number;
}

/** As in DomainBed. */
const beta2 = 0.9;

/** Names of what is the discriminator's begin so. */
export const discriminatorPart = `${partPrefix}discriminator`;

/** Whether step number `step`, from 0, is the discriminator's: t mod (1 + d) < d for t from 1. */
export function isDiscriminators({ discriminator_steps: d }: TurnOptions, step: number): boolean {
  return (step + 1) % (1 + d) < d;
}

/** The discriminator's parameters, and all others, each in their turn. */
export function takeTurns(options: TurnOptions): readonly UpdateGroup[] {
  const { discriminator_steps: d, beta1, discriminator_rate: rate, discriminator_decay } = options;
  const others = (steps: number) => Math.floor((steps + 1) / (1 + d));
  return [
    {
      name: 'discriminator',
      prefix: discriminatorPart,
      ...{ beta1, beta2, weight_decay: discriminator_decay },
      ...(rate !== null && { learningRate: () => rate }),
      turns: (steps) => steps - others(steps),
    },
    { name: 'network', prefix: '', beta1, beta2, turns: others },
  ];
}
