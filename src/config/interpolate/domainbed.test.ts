import { describe, expect, it } from 'vitest';
import type { Plain } from '../tree.js';
import { readDomainBed } from './domainbed.js';

const at = (values: Readonly<Record<string, Plain>>) => (key: string) => values[key];
const drawn = at({
  'domainbed.algorithm': 'IRM',
  'domainbed.hparams_seed': 1,
  'domainbed.trial_seed': 0,
  'dataset.name': 'colored_mnist',
  'split.test': [1, 2],
});

describe('what domainbed:NAME stands for', () => {
  it('is what random search draws, to the bit', () => {
    const names = ['lr', 'batch_size', 'irm_lambda', 'irm_penalty_anneal_iters'];
    expect(names.map((name) => readDomainBed(name, drawn))).toEqual([
      0.00011906162909279594, 372, 65030.52212762795, 2,
    ]);
  });

  it('is the default where nothing is drawn, of an unknown dataset as of photographs', () => {
    const plain = at({ 'domainbed.algorithm': 'VREx', 'dataset.name': 'sprites' });
    expect([readDomainBed('vrex_lambda', plain), readDomainBed('lr', plain)]).toEqual([10, 5e-5]);
  });

  it('has the seed of a training', () => {
    const erm = at({ 'domainbed.hparams_seed': 1, 'dataset.name': 'vlcs', 'split.test': [1, 2] });
    expect(readDomainBed('seed', erm)).toBe(360234358);
    expect(() => readDomainBed('seed', at({ 'split.test': ['photo'] }))).toThrow('given by number');
  });

  it('names the hyper-parameters that there are', () => {
    expect(() => readDomainBed('vrex_lambda', drawn)).toThrow("IRM has no hyper-parameter 'vrex_lambda'");
  });

  it('is what is typed by its name, if that is within its range', () => {
    const typed = (hparams: Plain) => at({ 'domainbed.algorithm': 'IRM', 'domainbed.hparams': hparams });
    const own = typed({ irm_lambda: 1000 });
    expect([readDomainBed('irm_lambda', own), readDomainBed('lr', own)]).toEqual([1000, 5e-5]);
    const lr = (hparams: Plain) => () => readDomainBed('lr', typed(hparams));
    expect(lr({ irm_lambda: -1 })).toThrow('irm_lambda must be a number of at least 0, not -1');
    expect(lr({ irm_lamda: 1 })).toThrow("IRM has no hyper-parameter 'irm_lamda'");
    expect(lr([1])).toThrow('domainbed.hparams has names and values');
  });
});
