import { add, mean, mul, type Scalar } from '@tensorflow/tfjs-core';
import type { Loss } from '../../objective.js';
import { type EnvironmentHead, risks } from '../risks.js';
import { densityOf, quantileByBracket, quantileOf } from './quantile.js';

/** What a gradient is taken of: of the quantile, or of the bracket that it is searched in (DomainBed). */
export type QuantileGradient = 'quantile' | 'bracket';

/**
 * Empirical quantile risk minimisation (Eastwood, Robey, Singh, von Kügelgen, Hassani, Pappas & Schölkopf, Probable Domain
 * Generalization via Quantile Risk Minimization, NeurIPS 2022): the mean risk of the environments at first, then the
 * quantile α of the distribution of risks, a mixture of normals around those of the environments,
 *
 *     F(q) = mean_e Φ((q − R_e) / b) = α,   b = 1.06 std(R) E^(−1/5).
 *
 * `numbers.mean_share` and `numbers.quantile_share` say which of the two counts; `numbers.level` is α and `numbers.reach`
 * Φ⁻¹(α). Of `outputs.prediction` `[environments × examples, outputs]` and `batch.target` `[environments × examples, 1]`.
 */
export function createEqrm({ gradient }: { readonly gradient: QuantileGradient }, of: EnvironmentHead): Loss {
  const quantile = gradient === 'quantile' ? quantileOf : quantileByBracket;
  return (outputs, batch, numbers) => {
    const each = risks(of, outputs, batch);
    const found = quantile(densityOf(each), numbers.level!, numbers.reach!);
    return add<Scalar>(mul(mean(each), numbers.mean_share!), mul(found, numbers.quantile_share!));
  };
}
