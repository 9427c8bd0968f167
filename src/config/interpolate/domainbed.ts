import { HeldoutError } from '../../core/errors.js';
import { seedHash } from '../../random/seed-hash.js';
import { findByConfigName } from '../domainbed/catalogue.js';
import { checkHyperParameters } from '../domainbed/hyper-parameters/check.js';
import { plainHyperParameters } from '../domainbed/hyper-parameters/registry.js';
import type { Plain } from '../tree.js';

/** What the values follow from: keys of a config, or undefined. */
export type Select = (key: string) => Plain | undefined;

/**
 * What DomainBed takes for a training of this config: a hyper-parameter by its name there, the default or what random
 * search draws, or what `domainbed.hparams` has in their place; or `seed`, which it derives from all of dataset, algorithm, test environments, draw and trial.
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
  const values = {
    ...plainHyperParameters(algorithm, dataset, draw, trial),
    ...readAsked(select('domainbed.hparams'), algorithm, dataset),
  };
  const value = values[name];
  if (value !== undefined) return value;
  throw refuse(`${algorithm} has no hyper-parameter '${name}'`, [
    `it has seed, ${Object.keys(values).join(', ')}`,
  ]);
}

/** What is typed by DomainBed's names. Throws HeldoutErrors where it is not the algorithm's, or out of its range. */
function readAsked(
  asked: Plain | undefined,
  algorithm: string,
  dataset: string,
): Record<string, number | boolean | string> {
  if (asked === undefined || asked === null) return {};
  if (typeof asked !== 'object' || Array.isArray(asked))
    throw refuse('domainbed.hparams has names and values', ['+domainbed.hparams={irm_lambda: 1000}']);
  const values = asked as Record<string, number | boolean | string>;
  checkHyperParameters(algorithm, dataset, values);
  return values;
}

function refuse(message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_INTERPOLATION', message, hints });
}
