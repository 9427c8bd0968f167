import { HeldoutError } from '../../../core/errors.js';
import { toPlain } from '../../../core/python/value.js';
import { seedHash } from '../../../random/seed-hash.js';
import { nearestNames } from '../../suggestions.js';
import { algorithms } from '../catalogue.js';
import { drawValue, type HyperParameter, type Value } from './hyper-parameter.js';
import { ownParameters } from './own.js';
import { sharedParameters } from './shared.js';

/**
 * All hyper-parameters of one of DomainBed's algorithms. A dataset that is not DomainBed's is taken for one of
 * photographs, as there. Throws HeldoutError on an algorithm that is not DomainBed's.
 */
export function hyperParametersOf(algorithm: string, dataset: string): readonly HyperParameter[] {
  if (!algorithms.includes(algorithm)) {
    throw new HeldoutError({
      code: 'E_DOMAINBED_ALGORITHM',
      message: `DomainBed has no algorithm '${algorithm}'`,
      hints: [
        ...nearestNames(algorithm, algorithms, 2).map((near) => `did you mean ${near}?`),
        `algorithms are ${algorithms.join(', ')}`,
      ],
    });
  }
  return knownParametersOf(algorithm, dataset);
}

/** The same for any algorithm: one that is not DomainBed's has what all have. */
export function knownParametersOf(algorithm: string, dataset: string): readonly HyperParameter[] {
  return [...ownParameters(algorithm, dataset), ...sharedParameters(algorithm, dataset)];
}

/**
 * The values of a run: the defaults for `hparams_seed` 0, else what random search draws for both seeds, with
 * Python's distinction of 1.0 and 1 (`toPlain` drops it).
 */
export function drawHyperParameters(
  algorithm: string,
  dataset: string,
  hparamsSeed: number,
  trialSeed: number,
): Readonly<Record<string, Value>> {
  const seed = seedHash(hparamsSeed, trialSeed);
  return Object.fromEntries(
    hyperParametersOf(algorithm, dataset).map((each) => [
      each.name,
      hparamsSeed === 0 ? each.initial : drawValue(each, seed),
    ]),
  );
}

/** The same without that distinction. */
export function plainHyperParameters(
  ...asked: Parameters<typeof drawHyperParameters>
): Readonly<Record<string, number | boolean | string>> {
  const values = Object.entries(drawHyperParameters(...asked));
  return Object.fromEntries(
    values.map(([name, value]) => [name, toPlain(value) as number | boolean | string]),
  );
}
