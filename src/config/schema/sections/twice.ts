import * as z from 'zod';
import { whole } from '../fields.js';

export const twiceSchema = z
  .strictObject({
    steps: whole(1).describe(
      'updates of the first training, whose errors are looked for; the second has the rest',
    ),
    weight: whole(1, 10_000).describe('how often each error counts in the second training'),
    learning_rate: z
      .number()
      .gt(0)
      .max(10)
      .optional()
      .describe('size of a step of the first training; absent: that of the optimiser'),
  })
  .optional()
  .describe('training twice, the errors of the first time upsampled: JTT (Liu et al. 2021); absent: once');

/** What of a config that trains twice cannot be. */
export function checkTwice({ objective, protocol, training }: Config): readonly Problem[] {
  const { twice } = training;
  if (twice === undefined) return [];
  const problems: Problem[] = [];
  const refuse = (message: string, hint: string) =>
    problems.push({ path: ['training', 'twice'], message, hint });
  if (twice.steps >= training.steps && training.epochs === undefined) {
    const message = `a first training of ${twice.steps} updates leaves none of ${training.steps} for the second`;
    refuse(message, `type training.steps=${2 * twice.steps}`);
  }
  if (objective.name !== 'cross_entropy') {
    refuse(
      `training twice is of the cross-entropy, not of '${objective.name}'`,
      'type objective=cross_entropy',
    );
  }
  if (protocol.name === 'adapt') {
    refuse("the protocol 'adapt' trains on with given weights, and once", 'type ~training.twice');
  }
  const other =
    (['environments', 'balance', 'stratify', 'read_out_first'] as const).find(
      (name) => training[name] !== undefined && training[name] !== false,
    ) ??
    ((training.augment?.repeats ?? 1) > 1 ? 'augment.repeats' : undefined) ??
    (training.average.decay !== null ? 'average.decay' : undefined) ??
    (training.average.valley !== undefined ? 'average.valley' : undefined);
  if (other !== undefined) {
    refuse(
      `training twice draws from all examples alike, which training.${other} changes`,
      `type ~training.${other}`,
    );
  }
  return problems;
}

interface Problem {
  readonly path: string[];
  readonly message: string;
  readonly hint: string;
}

interface Config {
  readonly objective: { readonly name: string };
  readonly protocol: { readonly name: string };
  readonly training: {
    readonly steps: number;
    readonly epochs?: number | undefined;
    readonly twice?: z.infer<typeof twiceSchema>;
    readonly environments?: string | undefined;
    readonly balance?: string | undefined;
    readonly stratify?: boolean | undefined;
    readonly read_out_first?: object | undefined;
    readonly augment?: { readonly repeats: number } | undefined;
    readonly average: { readonly decay: number | string | null; readonly valley?: object | undefined };
  };
}
