import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import type { UpdateGroup } from '../../../engine/update-group.js';
import type { Model } from '../../../models/model.js';
import { isReadOut, readOutPrefix } from '../../../objectives/part-names.js';
import { groupsOf, restartsOf } from '../../../objectives/traits.js';

type Config = Pick<ExperimentConfig, 'objective' | 'training' | 'model'>;

/**
 * Linear probing, then fine-tuning (LP-FT; Kumar, Raghunathan, Jones, Ma & Liang, Fine-Tuning can Distort Pretrained
 * Features and Underperform Out-of-Distribution, ICLR 2022): the first `training.read_out_first.steps` updates are those of
 * the read-out alone, then the optimiser begins anew with everything. What an objective trains beside the model waits
 * with the network. Else the groups are those of the objective. Throws HeldoutError where it has groups of its own, and
 * where the model has no read-out.
 */
export function groupsIn(config: Config, environments: number, model: Model): readonly UpdateGroup[] {
  const own = groupsOf(config.objective, environments);
  const { read_out_first: first } = config.training;
  if (first === undefined) return own;
  if (own.length > 0) {
    throw refuse(`the objective ${config.objective.name} says itself which parameters are updated when`, [
      'objective=cross_entropy',
    ]);
  }
  if (!Object.keys(model.parameters).some(isReadOut)) {
    throw refuse(`the model ${config.model.name} has no read-out that could be trained first`, [
      'model=mlp, cnn, digit_cnn, patch_mlp, resnet and vit have one',
    ]);
  }
  const { steps, learning_rate: rate } = first;
  return [
    {
      name: 'read-out',
      prefix: readOutPrefix,
      ...(rate !== undefined && { learningRate: (step) => (step <= steps ? rate : undefined) }),
    },
    { name: 'network', prefix: '', turns: (made) => Math.max(0, made - steps) },
  ];
}

/** The updates, counted from 0, before which the optimiser of a training begins anew. */
export function restartsIn({ objective, training }: Config): readonly number[] {
  const all = [...restartsOf(objective), training.read_out_first?.steps, training.twice?.steps];
  return [...new Set(all.filter((step) => step !== undefined))].sort((a, b) => a - b);
}

function refuse(message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({
    code: 'E_READ_OUT_FIRST',
    message,
    place: 'training.read_out_first',
    hints: [...hints, '~training.read_out_first'],
  });
}
