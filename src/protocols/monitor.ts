import { scoreR2 } from '../evaluation/metrics/r2.js';
import { sampleSet } from '../splits/sample.js';
import type { JobContext } from './context.js';
import type { Network } from './network.js';
import { createPredictor } from './predict.js';
import { tabulate } from './tabulate.js';

/**
 * Writes the mean R² over the targets, on a few examples of the training and of the test set, to the
 * metrics: the learning curves. It looks only, and changes nothing that training depends on.
 */
export function createMonitor(
  { config, run }: JobContext,
  { material, model, trainer }: Network,
): (step: number) => Promise<void> {
  const { batch_size, monitor } = config.training;
  const { train, test } = material.split.sets;
  const samples = [
    { set: 'train', examples: sampleSet(train, monitor.examples, config.seed, 'monitor train') },
    { set: 'test', examples: sampleSet(test, monitor.examples, config.seed, 'monitor test') },
  ] as const;
  const predict = createPredictor({ trainer, model, dataset: material.dataset, batchSize: batch_size });
  return async (step) => {
    const parts = [];
    for (const { set, examples } of samples) {
      parts.push({ set, examples, predictions: await predict(examples) });
    }
    const rows = scoreR2(tabulate(material, parts));
    const r2 = (set: string) =>
      rows.find((row) => row.set === set && Object.keys(row.group).length === 0)?.value ?? null;
    run.metrics.append({ kind: 'monitor', step, train_r2: r2('train'), test_r2: r2('test') });
  };
}
