import type { RecordRow } from '../predictions.js';
import type { WeightNorms } from './norms.js';

/** What is known of a network and the examples that it was trained on. */
export interface GeneralisationMeasures {
  readonly norms: WeightNorms;
  /** Undefined of an architecture in which it means nothing. */
  readonly path: number | undefined;
  /** What a tenth of the examples have less than: logit of the true class less the largest other. */
  readonly margin: number;
  /** Standard deviations of noise that costs a tenth of the examples: of each weight, and of its share of each. */
  readonly noise: { readonly absolute: number; readonly relative: number };
}

/** By the names of records. */
export const measureNames = [
  'parameter_norm',
  'distance_from_start',
  'spectral_product',
  'frobenius_product',
  'path_norm',
  'margin',
  'spectral_complexity',
  'frobenius_complexity',
  'sharpness',
  'relative_sharpness',
] as const;

/**
 * Measures by the names of records, on the set `train`. Those over the margin, logarithms of products of norms squared less
 * that of the margin squared, exist where the margin is above 0.
 */
export function measureRows(found: GeneralisationMeasures, n: number): RecordRow[] {
  const { norms, path, margin, noise } = found;
  const over = (value: number) => (margin > 0 ? value - 2 * Math.log(margin) : Number.NaN);
  const values: Readonly<Record<(typeof measureNames)[number], number>> = {
    parameter_norm: norms.parameters,
    distance_from_start: norms.distance,
    spectral_product: norms.spectral,
    frobenius_product: norms.frobenius,
    path_norm: path ?? Number.NaN,
    margin,
    spectral_complexity: over(norms.spectral),
    frobenius_complexity: over(norms.frobenius),
    sharpness: 1 / noise.absolute ** 2,
    relative_sharpness: 1 / noise.relative ** 2,
  };
  return measureNames.flatMap((metric) => {
    const value = values[metric];
    return Number.isFinite(value) ? [{ set: 'train', metric, group: {}, value, n }] : [];
  });
}

/** Whether a row is a measure of a network, which needs its weights. */
export function isMeasureRow({ metric }: RecordRow): boolean {
  return (measureNames as readonly string[]).includes(metric);
}
