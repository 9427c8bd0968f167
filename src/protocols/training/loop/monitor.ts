import { scorePredictions } from '../../../evaluation/index.js';
import { sampleSet } from '../../../splits/sample.js';
import { watchedSets } from '../../../splits/split.js';
import type { JobContext } from '../../context.js';
import { createPredictor } from '../../evaluation/predict.js';
import { predictorOptions } from '../../evaluation/read-network.js';
import { tabulate } from '../../evaluation/tabulate.js';
import type { Network } from '../start/network.js';
import { measurePenalty } from '../step/penalty.js';

/**
 * Writes the mean over the targets of R², or of the accuracy where they are classes, on a few examples of the training
 * set and of the one that is watched beside it, to the metrics as `SET_r2` or `SET_accuracy`: the learning curves. The
 * penalty of a model that has one stands beside them. It looks only, and changes nothing that training depends on.
 */
export function createMonitor(
  { config, run }: JobContext,
  network: Network,
): (step: number) => Promise<void> {
  const { material, model, trainer } = network;
  const { batch_size, monitor } = config.training;
  const samples = watchedSets(material.split.sets).map(([set, examples]) => {
    return { set, examples: sampleSet(examples, monitor.examples, config.seed, `monitor ${set}`) };
  });
  const metric = material.dataset.targets.some(({ kind }) => kind === 'numeric') ? 'r2' : 'accuracy';
  const predict = createPredictor({ ...predictorOptions(config, network), batchSize: batch_size });
  return async (step) => {
    const parts = [];
    for (const { set, examples } of samples) {
      parts.push({ set, examples, predictions: await predict(examples) });
    }
    const rows = scorePredictions(tabulate(material, parts), [metric]);
    const found = samples.map(({ set }) => {
      const row = rows.find((row) => row.set === set && Object.keys(row.group).length === 0);
      return [`${set}_${metric}`, row?.value ?? null] as const;
    });
    const penalty = measurePenalty(model, trainer);
    run.metrics.append({
      kind: 'monitor',
      step,
      ...Object.fromEntries(found),
      ...(penalty === undefined ? {} : { penalty }),
    });
  };
}
