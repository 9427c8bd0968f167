import { quartileRange } from '../../../core/numbers/quantiles.js';
import { fitPair } from '../fits/fit.js';
import type { TransferPair } from '../records.js';

/** Shapes that the scatter of a pair may have. */
export const regimes = ['increasing', 'vertical', 'horizontal', 'negative', 'none', 'too few'] as const;
export type Regime = (typeof regimes)[number];

/** Ours, not the paper's; widths are quartile ranges of accuracy in points. */
export const regimeThresholds = {
  /** Fewest networks for a label. */
  networks: 5,
  /** Spearman from which on, with a slope above 0, a pair is increasing. */
  increasing: 0.8,
  /** Spearman down from which a pair is negative. */
  negative: -0.5,
  /** A band is narrower than this one way ... */
  narrow: 2,
  /** ... and wider than this the other way. */
  wide: 5,
} as const;

export interface PairRegime {
  readonly regime: Regime;
  readonly spearman: number;
  /** Of the line on probit axes. */
  readonly slope: number;
  /** Quartile ranges of accuracy, in points. */
  readonly idRange: number;
  readonly oodRange: number;
}

/**
 * The shape of a pair's scatter: the first of these that holds. Increasing: a rising relation. Vertical: equal ID accuracy,
 * wide OOD accuracy (underspecification). Horizontal: gains in ID accuracy do not transfer. Negative: falling ranks.
 */
export function labelRegime(pair: TransferPair): PairRegime {
  const { spearman, slope } = fitPair(pair, 'probit', { draws: 0 });
  const range = (side: 'idMetrics' | 'oodMetrics') =>
    100 * quartileRange(pair.records.map((record) => record[side].accuracy!));
  const [idRange, oodRange] = [range('idMetrics'), range('oodMetrics')];
  return { regime: choose(), spearman, slope, idRange, oodRange };

  function choose(): Regime {
    const { networks, increasing, negative, narrow, wide } = regimeThresholds;
    if (pair.records.length < networks) return 'too few';
    if (spearman >= increasing && slope > 0) return 'increasing';
    if (idRange < narrow && oodRange > wide) return 'vertical';
    if (oodRange < narrow && idRange > wide) return 'horizontal';
    return spearman <= negative ? 'negative' : 'none';
  }
}

/** The thresholds in words, for captions. */
export function describeRegimes(): string {
  const { networks, increasing, negative, narrow, wide } = regimeThresholds;
  return `Increasing: Spearman at least ${increasing} and a slope above 0 on probit axes; vertical: quartile range of ID accuracy below ${narrow} points and of OOD accuracy above ${wide}; horizontal: the other way round; negative: Spearman at most ${String(negative).replace('-', '−')}; else none, the first that holds; no label below ${networks} networks. The thresholds are ours.`;
}
