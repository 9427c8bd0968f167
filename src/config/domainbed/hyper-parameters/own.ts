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

type Lines = readonly HyperParameter[];

const irm: Lines = [
  line('irm_lambda', float(100), power(10, -1, 5), notNegative),
  line('irm_penalty_anneal_iters', 500, whole(power(10, 0, 4)), steps),
];
const bottleneck: Lines = [
  line('ib_lambda', float(100), power(10, -1, 5), notNegative),
  line('ib_penalty_anneal_iters', 500, whole(power(10, 0, 4)), steps),
];
const matching: Lines = [line('mmd_gamma', float(1), power(10, -1, 1), notNegative)];
const adversarial: Lines = [
  line('lambda', float(1), power(10, -2, 2), notNegative),
  line('weight_decay_d', float(0), power(10, -6, -2), notNegative),
  line('d_steps_per_g_step', 1, whole(power(2, 0, 3)), count),
  line('grad_penalty', float(0), power(10, -2, 1), notNegative),
  line('beta1', 0.5, floats(0, 0.5), share),
  line('mlp_width', 256, whole(power(2, 6, 10)), count),
  line('mlp_depth', 3, choice(3, 4, 5), count),
  line('mlp_dropout', float(0), floats(0, 0.1, 0.5), share),
];
const contrastive: Lines = [
  line('lmbda', 0.1, floats(1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2), notNegative),
  line('temperature', 0.1, floats(0.05, 0.1), notNegative),
  line('is_normalized', false, always(false), flag),
  line('is_project', false, always(false), flag),
  line('is_flipped', true, always(true), flag),
];

/** What each algorithm has of its own; those that are not here have nothing. */
const table: Readonly<Record<string, Lines | ((dataset: string) => Lines)>> = {
  DANN: adversarial,
  CDANN: adversarial,
  Fish: [line('meta_lr', 0.5, floats(0.05, 0.1, 0.5), notNegative)],
  RDM: riskMatching,
  RSC: [
    line('rsc_f_drop_factor', 1 / 3, uniform(0, 0.5), share),
    line('rsc_b_drop_factor', 1 / 3, uniform(0, 0.5), share),
  ],
  SagNet: [line('sag_w_adv', 0.1, power(10, -2, 1), notNegative)],
  IRM: irm,
  Mixup: [line('mixup_alpha', 0.2, power(10, -1, 1), notNegative)],
  GroupDRO: [line('groupdro_eta', 0.01, power(10, -3, -1), notNegative)],
  MMD: matching,
  CORAL: matching,
  CausIRL_CORAL: matching,
  CausIRL_MMD: matching,
  MLDG: [
    line('mldg_beta', float(1), power(10, -1, 1), notNegative),
    line('n_meta_test', 2, choice(1, 2), count),
  ],
  MTL: [line('mtl_ema', 0.99, floats(0.5, 0.9, 0.99, 1), share)],
  VREx: [
    line('vrex_lambda', float(10), power(10, -1, 5), notNegative),
    line('vrex_penalty_anneal_iters', 500, whole(power(10, 0, 4)), steps),
  ],
  SD: [line('sd_reg', 0.1, power(10, -5, -1), notNegative)],
  ANDMask: [line('tau', 1, uniform(0.5, 1), share)],
  IGA: [line('penalty', 1000, power(10, 1, 5), notNegative)],
  SANDMask: [
    line('tau', float(1), uniform(0, 1), share),
    line('k', float(10), power(10, -3, 5), notNegative),
  ],
  Fishr: [
    line('lambda', float(1000), power(10, 1, 4), notNegative),
    line('penalty_anneal_iters', 1500, whole(uniform(0, 5000)), steps),
    line('ema', 0.95, uniform(0.9, 0.99), share),
  ],
  TRM: [
    line('cos_lambda', 1e-4, power(10, -5, 0), notNegative),
    line('iters', 200, whole(power(10, 0, 4)), steps),
    line('groupdro_eta', 0.01, power(10, -3, -1), notNegative),
  ],
  IB_ERM: bottleneck,
  IB_IRM: [...irm, ...bottleneck],
  CAD: contrastive,
  CondCAD: contrastive,
  Transfer: [
    line('t_lambda', float(1), power(10, -2, 1), notNegative),
    line('delta', float(2), uniform(0.1, 3), notNegative),
    line('d_steps_per_g', 10, choice(1, 2, 5), count),
    line('weight_decay_d', float(0), power(10, -6, -2), notNegative),
    line('gda', false, always(true), flag),
    line('beta1', 0.5, floats(0, 0.5), share),
    line('lr_d', 1e-3, power(10, -4.5, -2.5), notNegative),
  ],
  EQRM: [
    line('eqrm_quantile', 0.75, uniform(0.5, 0.99), share),
    line('eqrm_burnin_iters', 2500, power(10, 2.5, 3.5), notNegative),
    line('eqrm_lr', 1e-6, power(10, -7, -5), notNegative),
  ],
  ERMPlusPlus: [line('linear_lr', 5e-5, power(10, -5, -3.5), notNegative)],
  URM: uniformMapping,
  ADRMX: [
    line('cnt_lambda', float(1), floats(1), notNegative),
    line('dclf_lambda', float(1), floats(1), notNegative),
    line('disc_lambda', 0.75, floats(0.75), notNegative),
    line('rmxd_lambda', float(1), floats(1), notNegative),
    line('d_steps_per_g_step', 2, choice(2), count),
    line('beta1', 0.5, floats(0.5), share),
    line('mlp_width', 256, choice(256), count),
    line('mlp_depth', 9, choice(8, 9, 10), count),
    line('mlp_dropout', float(0), choice(0), share),
  ],
};

export function ownParameters(algorithm: string, dataset: string): Lines {
  const own = table[algorithm] ?? [];
  return typeof own === 'function' ? own(dataset) : own;
}

/** RDM was tuned dataset by dataset. */
function riskMatching(dataset: string): Lines {
  const wide = dataset === 'DomainNet';
  const narrow = dataset === 'PACS' || dataset === 'TerraIncognita';
  const still = wide || dataset === 'TerraIncognita' || dataset === 'OfficeHome';
  return [
    wide
      ? line('rdm_lambda', 0.5, uniform(0.1, 1), notNegative)
      : line('rdm_lambda', float(5), uniform(narrow ? 1 : 0.1, 10), notNegative),
    wide
      ? line('rdm_penalty_anneal_iters', 2400, whole(uniform(1500, 3000)), steps)
      : line('rdm_penalty_anneal_iters', 1500, whole(uniform(800, 2700)), steps),
    still
      ? line('variance_weight', float(0), floats(0), notNegative)
      : line('variance_weight', 0.004, uniform(0.001, 0.007), notNegative),
    line('rdm_lr', 1.5e-5, uniform(8e-6, 2e-5), notNegative),
  ];
}

function uniformMapping(dataset: string): Lines {
  return [
    line('urm', 'adversarial', choice('adversarial'), { of: ['adversarial'] }),
    line('urm_adv_lambda', 0.1, uniform(0, 0.2), notNegative),
    line('urm_discriminator_label_smoothing', 0, uniform(0, 0), share),
    line('urm_discriminator_optimizer', 'adam', choice('adam'), { of: ['adam'] }),
    line('urm_discriminator_hidden_layers', 1, choice(1, 2, 3), count),
    line('urm_generator_output', 'tanh', choice('tanh', 'relu'), { of: ['tanh', 'relu'] }),
    isSmall(dataset)
      ? line('urm_discriminator_lr', 1e-3, power(10, -5.5, -3.5), notNegative)
      : line('urm_discriminator_lr', 5e-5, power(10, -6, -4.5), notNegative),
  ];
}
