import type { Loss } from '../../objective.js';
import { createWeighed } from '../penalised.js';
import type { EnvironmentHead } from '../risks.js';
import { evenShares, featureScales, kernelDistance } from './kernel-distance.js';

/**
 * MMD (Li, Pan, Wang & Kot, Domain Generalization with Adversarial Feature Learning, CVPR 2018, the matching alone, as in
 * DomainBed): the mean risk of the environments + `numbers.strength` × the mean squared maximum mean discrepancy of two
 * environments' features (`kernelDistance`). Of `outputs.features` `[environments × examples, width]` besides prediction
 * and target.
 */
export function createMmd(of: EnvironmentHead): Loss {
  return createWeighed(of, ({ features }) =>
    kernelDistance(features!, evenShares(of.environments, features!.shape[0]!), featureScales),
  );
}
