import type { Loss } from '../../objective.js';
import { createWeighed } from '../penalised.js';
import { byEnvironment, type EnvironmentHead } from '../risks.js';
import { momentDistance, momentsOf } from './moments.js';

/**
 * CORAL (Sun & Saenko, Deep CORAL, ECCV workshops 2016; DomainBed's, which matches means, too): the mean risk of the
 * environments + `numbers.strength` × the mean distance of two environments' features in mean and covariance
 * (`momentDistance`). Of `outputs.features` `[environments × examples, width]` besides prediction and target.
 */
export function createCoral(of: EnvironmentHead): Loss {
  return createWeighed(of, ({ features }) => momentDistance(momentsOf(byEnvironment(of, features!))));
}
