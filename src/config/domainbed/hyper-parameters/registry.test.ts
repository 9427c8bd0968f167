import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HeldoutErrors } from '../../../core/errors.js';
import { pythonJson } from '../../../core/python/json.js';
import { float, toPlain } from '../../../core/python/value.js';
import { algorithms } from '../catalogue.js';
import { checkHyperParameters } from './check.js';
import { drawHyperParameters, hyperParametersOf } from './registry.js';

const draw = (algorithm: string, dataset: string, hparamsSeed: number, trial: number) =>
  toPlain(drawHyperParameters(algorithm, dataset, hparamsSeed, trial)) as Record<string, number>;

/**
 * MD5 of the lines json.dumps(values, sort_keys=True) of DomainBed's own registry at b93c22a (with numpy 2.4), where
 *   values = default_hparams(a, d) if seed == 0 else random_hparams(a, d, seed_hash(seed, trial))
 * for d in these datasets, for trial in range(3), for seed in range(6); each line ends in a line feed.
 */
const datasets = ['ColoredMNIST', 'VLCS', 'PACS', 'OfficeHome', 'TerraIncognita', 'DomainNet'];
const hashes: Readonly<Record<string, string>> = {
  ERM: '94d448d31d00bce2dbf45148abfba25e',
  ERMPlusPlus: '575fb196a8999f96759f5eca9d453329',
  Fish: '82b685c3b664e9066db13c1a8aa9d95d',
  IRM: 'f45d7e9bfeaf3f1736931973192a6199',
  GroupDRO: '0472033a85852f5ac3f77ca5a44fb71b',
  Mixup: 'd62861e0515262e62f5e07d23264eb87',
  MLDG: 'e0d16491167e115f6345c091ab634ed8',
  CORAL: 'b89bc6afdf619ee50c5c474eaeadedb0',
  MMD: 'b89bc6afdf619ee50c5c474eaeadedb0',
  DANN: '0a0b456c3e9a4aad5229e02b586a0b17',
  CDANN: '0a0b456c3e9a4aad5229e02b586a0b17',
  MTL: '43dbbf50d536077efc72aab6c2f8a554',
  SagNet: 'bf1cbb8fcb8c7fd58c141a78de23d43c',
  ARM: 'fffb0d4d3ce75953b3d5429924683c00',
  VREx: 'f3743d91f7641257276aa2a96e7f4599',
  RSC: 'eeed8e58dd235da62930e902012790f7',
  SD: '0fc4d4289c15951ad8639cd224ad89ac',
  ANDMask: 'd845839ab6aceaf4e2df2e2660c82413',
  SANDMask: 'e31634eb5c82a1ebc462ae851f2029d7',
  IGA: '6be1e6627ad7e8161e377268d9b5e761',
  SelfReg: '94d448d31d00bce2dbf45148abfba25e',
  Fishr: '23749fa4c6662be2de8d8f7d40d9a011',
  TRM: '771dbb479af1730ac68f06baa1562aed',
  IB_ERM: '0fb7c9f5f65c86cb51533a57dee035fb',
  IB_IRM: 'a7fd61734db321059a8399fa999789a1',
  CAD: '955b4fa5bb42f0158fd3f07a2ed9a720',
  CondCAD: '955b4fa5bb42f0158fd3f07a2ed9a720',
  Transfer: 'f42c43b40f7d97efdec1737725eb77dc',
  CausIRL_CORAL: 'b89bc6afdf619ee50c5c474eaeadedb0',
  CausIRL_MMD: 'b89bc6afdf619ee50c5c474eaeadedb0',
  EQRM: '777c5570fe5baedbc483a1817f1b05dd',
  RDM: 'b0220754efac9adb1a6e338a00ddd507',
  ADRMX: '1795fb88ff1dbc846206c38ce0e0eb48',
  URM: '3f58be9e4a62f1e07cffee93e92fc539',
};

describe('drawHyperParameters', () => {
  it('knows all 34 algorithms', () => {
    expect(Object.keys(hashes)).toEqual(algorithms);
  });

  it.each(Object.entries(hashes))(
    'draws for %s what DomainBed draws, to the last character',
    (name, hash) => {
      const lines = datasets.flatMap((dataset) =>
        [0, 1, 2].flatMap((trial) =>
          [0, 1, 2, 3, 4, 5].map(
            (seed) => `${pythonJson(drawHyperParameters(name, dataset, seed, trial))}\n`,
          ),
        ),
      );
      expect(createHash('md5').update(lines.join('')).digest('hex')).toBe(hash);
    },
  );

  it('draws what others have published', () => {
    expect(draw('ERM', 'VLCS', 1, 0)).toMatchObject({
      ...{ lr: 2.7028930742148706e-5, weight_decay: 0.00044832883881609976 },
      ...{ batch_size: 39, resnet_dropout: 0.5 },
    });
    expect(draw('IRM', 'ColoredMNIST', 1, 0)).toMatchObject({
      ...{ lr: 0.00011906162909279594, batch_size: 372 },
      ...{ irm_lambda: 65030.52212762795, irm_penalty_anneal_iters: 2 },
    });
    expect(draw('VREx', 'ColoredMNIST', 1, 0).vrex_lambda).toBe(3307.1978049278796);
    expect(draw('GroupDRO', 'ColoredMNIST', 1, 0).groupdro_eta).toBe(0.01297606872689568);
    expect(draw('IRM', 'ColoredMNIST', 2, 0)).toMatchObject({
      ...{ lr: 0.0003207929136369226, batch_size: 126 },
      ...{ irm_lambda: 15.27125896858225, irm_penalty_anneal_iters: 1 },
    });
  });

  it('has defaults for seed 0, whatever the trial', () => {
    expect(draw('IRM', 'ColoredMNIST', 0, 2)).toMatchObject({
      ...{ lr: 1e-3, batch_size: 64, weight_decay: 0, irm_lambda: 100, irm_penalty_anneal_iters: 500 },
    });
    expect(draw('ARM', 'PACS', 0, 0)).toMatchObject({ lr: 5e-5, batch_size: 8 });
  });

  it('takes a dataset of somebody else for photographs', () => {
    expect(draw('ERM', 'mine', 1, 0)).toEqual(draw('ERM', 'VLCS', 1, 0));
  });

  it('refuses an algorithm that is not there', () => {
    expect(() => hyperParametersOf('IRMM', 'VLCS')).toThrow("DomainBed has no algorithm 'IRMM'");
  });
});

describe('checkHyperParameters', () => {
  it('accepts what is drawn', () => {
    for (const algorithm of algorithms) {
      for (const dataset of datasets) {
        for (const seed of [0, 1, 2, 3]) {
          checkHyperParameters(algorithm, dataset, drawHyperParameters(algorithm, dataset, seed, 0));
        }
      }
    }
  });

  it('names every value outside its range, and what is searched', () => {
    const values = {
      irm_lambda: -1,
      batch_size: 2.5,
      resnet_dropout: float(2),
      vit: 'yes',
      irm_lamda: 1,
      lr: 0.1,
    };
    let thrown: unknown;
    try {
      checkHyperParameters('IRM', 'ColoredMNIST', values);
    } catch (error) {
      thrown = error;
    }
    const { errors } = thrown as HeldoutErrors;
    expect(errors.map(({ message }) => message)).toEqual([
      'irm_lambda must be a number of at least 0, not -1',
      'batch_size must be a whole number of at least 1, not 2.5',
      'resnet_dropout must be a number from 0 to 1, not 2.0',
      'vit must be False or True, not yes',
      "IRM has no hyper-parameter 'irm_lamda'",
    ]);
    expect(errors[0]!.hints).toEqual([
      "DomainBed's default is 100.0; its random search draws from 10^-1 to 10^5, evenly in the exponent",
    ]);
    expect(errors[4]!.hints[0]).toBe('did you mean irm_lambda?');
    expect(() => checkHyperParameters('URM', 'VLCS', { urm_generator_output: 'gelu' })).toThrow(
      'tanh or relu',
    );
    expect(() => checkHyperParameters('ERM', 'VLCS', { lr: Number.NaN })).toThrow('lr must be');
  });
});
