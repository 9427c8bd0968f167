import { float } from '../../../core/python/value.js';
import { isSmall } from '../catalogue.js';
import {
  always,
  choice,
  count,
  flag,
  floats,
  type HyperParameter,
  line,
  notNegative,
  power,
  share,
  steps,
  uniform,
  whole,
} from './hyper-parameter.js';

const everywhere: readonly HyperParameter[] = [
  line('data_augmentation', true, always(true), flag),
  line('resnet18', false, always(false), flag),
  line('resnet50_augmix', true, always(true), flag),
  line('dinov2', false, always(false), flag),
  line('vit', false, always(false), flag),
  line('vit_attn_tune', false, always(false), flag),
  line('freeze_bn', false, always(false), flag),
  line('lars', false, always(false), flag),
  line('linear_steps', 500, always(500), steps),
  line('resnet_dropout', float(0), floats(0, 0.1, 0.5), share),
  line('vit_dropout', float(0), floats(0, 0.1, 0.5), share),
  line('class_balanced', false, always(false), flag),
  line('nonlinear_classifier', false, choice(false, false), flag),
];

/** What every algorithm has, by the size of the images and, here and there, by the algorithm. */
export function sharedParameters(algorithm: string, dataset: string): readonly HyperParameter[] {
  const small = isSmall(dataset);
  const [rate, decay] = [learningRate(small), weightDecay(small)];
  const twoPlayers = algorithm === 'DANN' || algorithm === 'CDANN';
  return [
    ...everywhere,
    algorithm === 'ADRMX' ? remixRate(small) : rate,
    decay,
    batchSize(algorithm, dataset, small),
    ...(twoPlayers
      ? [
          { ...rate, name: 'lr_g' },
          { ...rate, name: 'lr_d' },
          { ...decay, name: 'weight_decay_g' },
        ]
      : []),
  ];
}

function learningRate(small: boolean): HyperParameter {
  return small
    ? line('lr', 1e-3, power(10, -4.5, -2.5), notNegative)
    : line('lr', 5e-5, power(10, -5, -3.5), notNegative);
}

function remixRate(small: boolean): HyperParameter {
  return small
    ? line('lr', 3e-3, floats(5e-4, 1e-3, 2e-3, 3e-3), notNegative)
    : line('lr', 3e-5, floats(2e-5, 3e-5, 4e-5, 5e-5), notNegative);
}

function weightDecay(small: boolean): HyperParameter {
  return line('weight_decay', float(0), small ? always(float(0)) : power(10, -6, -2), notNegative);
}

/** Per environment. */
function batchSize(algorithm: string, dataset: string, small: boolean): HyperParameter {
  const wide = dataset === 'DomainNet';
  if (small) return line('batch_size', 64, whole(power(2, 3, 9)), count);
  if (algorithm === 'ARM') return line('batch_size', 8, always(8), count);
  if (algorithm === 'RDM') {
    return wide || dataset === 'TerraIncognita'
      ? line('batch_size', 40, whole(uniform(30, 60)), count)
      : line('batch_size', 88, whole(uniform(70, 100)), count);
  }
  return line('batch_size', 32, whole(power(2, 3, wide ? 5 : 5.5)), count);
}
