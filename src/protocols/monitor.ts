import { scoreR2 } from '../evaluation/metrics/r2.js';
import { sampleSet } from '../splits/sample.js';
import { watchedSets } from '../splits/split.js';
import type { JobContext } from './context.js';
import type { Network } from './network.js';
import { createPredictor } from './predict.js';
import { tabulate } from './tabulate.js';

/**
 * Writes the mean R² over the targets, on a few examples of the training set and of the one that is watched beside
 * it, to the metrics as `SET_r2`: the learning curves. It looks only, and changes nothing that training depends on.
 */
export function createMonitor(
  { config, run }: JobContext,
  { material, model, trainer }: Network,
): (step: number) => Promise<void> {
  const { batch_size, monitor } = config.training;
  const samples = watchedSets(material.split.sets).map(([set, examples]) => {
    return { set, examples: sampleSet(examples, monitor.examples, config.seed, `monitor ${set}`) };
  });
  const predict = createPredictor({ trainer, model, dataset: material.dataset, batchSize: batch_size });
  return async (step) => {
    const parts = [];
    for (const { set, examples } of samples) {
      parts.push({ set, examples, predictions: await predict(examples) });
    }
    const rows = scoreR2(tabulate(material, parts));
    const found = samples.map(({ set }) => {
      const row = rows.find((row) => row.set === set && Object.keys(row.group).length === 0);
      return [`${set}_r2`, row?.value ?? null] as const;
    });
    run.metrics.append({ kind: 'monitor', step, ...Object.fromEntries(found) });
  };
}
