import type { UpdateGroup } from '../../../engine/update-group.js';
import { readOutPrefix } from '../../part-names.js';

/** Of `erm_plus_plus`. */
export interface WarmUpOptions {
  readonly warmup_rate: number;
  readonly warmup_steps: number;
}

/**
 * ERM++ (Teterwak, Saito, Tsiligkaridis, Saenko & Plummer, ERM++: An Improved Baseline for Domain Generalization, arXiv
 * 2304.01973, 2023) is cross-entropy; its first updates are those of the read-out alone, at a rate of their own; then the
 * optimiser begins anew with everything. Predictions are made with the mean of the weights after updates s − 1, s, ...,
 * now, s being `average_from`; before it with the weights. As in DomainBed the first updates are one more than
 * `warmup_steps`, and the mean has one weight more than its first update says. Left out are the plateaus of a first
 * training that DomainBed's second one replays: choose a schedule of the learning rate.
 */
export function groupWarmUp(options: WarmUpOptions): readonly UpdateGroup[] {
  const first = warmUp(options);
  return [
    {
      name: 'read-out',
      prefix: readOutPrefix,
      learningRate: (step) => (step <= first ? options.warmup_rate : undefined),
    },
    { name: 'network', prefix: '', turns: (steps) => Math.max(0, steps - first) },
  ];
}

/** How many updates are of the read-out alone. */
export function warmUp({ warmup_steps }: Pick<WarmUpOptions, 'warmup_steps'>): number {
  return warmup_steps + 1;
}
