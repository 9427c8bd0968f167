import { HeldoutError } from '../../core/errors.js';
import { seedHash } from '../../random/seed-hash.js';
import { findByConfigName } from '../domainbed/catalogue.js';
import { plainHyperParameters } from '../domainbed/hyper-parameters/registry.js';
import type { Plain } from '../tree.js';

/** What the values follow from: keys of a config, or undefined. */
export type Select = (key: string) => Plain | undefined;

/**
 * What DomainBed takes for a training of this config: a hyper-parameter by its name there, the default or what random
 * search draws; or `seed`, which it derives from all of dataset, algorithm, test environments, draw and trial.
 */
export function readDomainBed(name: string, select: Select): Plain {
  const algorithm = String(select('domainbed.algorithm') ?? 'ERM');
  const dataset = findByConfigName(String(select('dataset.name') ?? ''));
  const [draw, trial] = [select('domainbed.hparams_seed') ?? 0, select('domainbed.trial_seed') ?? 0];
  if (typeof draw !== 'number' || typeof trial !== 'number') {
    throw refuse('domainbed.hparams_seed and domainbed.trial_seed are whole numbers', []);
  }
  if (name === 'seed') {
    const test = select('split.test');
    if (!Array.isArray(test) || !test.every((one) => typeof one === 'number')) {
      throw refuse('the seed of DomainBed follows from test environments that are given by number', [
        'split.test=[0]',
        'seed=0',
      ]);
    }
    return seedHash(dataset, algorithm, test as number[], draw, trial);
  }
  const values = plainHyperParameters(algorithm, dataset, draw, trial);
  const value = values[name];
  if (value !== undefined) return value;
  throw refuse(`${algorithm} has no hyper-parameter '${name}'`, [
    `it has seed, ${Object.keys(values).join(', ')}`,
  ]);
}

function refuse(message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_INTERPOLATION', message, hints });
}
