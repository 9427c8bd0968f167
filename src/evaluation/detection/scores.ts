import type { DETECTION_SCORES } from '../../config/schema/sections/ood-detection.js';
import type { Matrix } from '../probes/matrix.js';
import { fitMahalanobis } from './mahalanobis.js';
import { fitNeighbours } from './neighbours.js';
import { logSumExp, scoreRows } from './score-rows.js';
import { fitVirtualLogit } from './virtual-logit.js';

export type DetectionScore = (typeof DETECTION_SCORES)[number];

/** What a network makes of some examples. */
export interface NetworkReading {
  /** Of one target `[examples, classes]`. */
  readonly logits: Matrix;
  /** What the last layer reads, `[examples, features]`; absent where no score asks for it. */
  readonly features?: Matrix;
}

/** Of training examples, with what the scores need besides. */
export interface TrainReading extends NetworkReading {
  /** Index of the true class of every example. */
  readonly labels: ArrayLike<number>;
  /** The last layer: `[features, classes]` row-major, and `[classes]`. */
  readonly readOut?: { readonly kernel: ArrayLike<number>; readonly bias: ArrayLike<number> };
}

export interface ScoreOptions {
  readonly temperature: number;
  readonly neighbours: number;
}

/** How much every example is like those of training: higher is more. */
export type Scorer = (reading: NetworkReading) => Float64Array;

interface Score {
  /** Whether it reads features, or logits alone. */
  readonly readsFeatures: boolean;
  fit(train: TrainReading, options: ScoreOptions): Scorer;
}

export const detectionScores: Readonly<Record<DetectionScore, Score>> = {
  /** The largest probability (Hendrycks and Gimpel 2017, arXiv 1610.02136). */
  msp: {
    readsFeatures: false,
    fit:
      () =>
      ({ logits }) =>
        scoreRows(logits, (row) => Math.exp(Math.max(...row) - logSumExp(row))),
  },
  /** T log Σ exp(logit / T), the negative free energy (Liu et al. 2020, arXiv 2010.03759). */
  energy: {
    readsFeatures: false,
    fit:
      (_, { temperature }) =>
      ({ logits }) =>
        scoreRows(logits, (row) => temperature * logSumExp(row.map((logit) => logit / temperature))),
  },
  mahalanobis: { readsFeatures: true, fit: fitMahalanobis },
  knn: { readsFeatures: true, fit: fitNeighbours },
  vim: { readsFeatures: true, fit: fitVirtualLogit },
};
