import { allCorruptions, corruptedRows, noCorruption } from '../../evaluation/corrupted-rows.js';
import { scorePredictions } from '../../evaluation/index.js';
import type { RecordRow } from '../../evaluation/predictions.js';
import { sampleSet } from '../../splits/sample.js';
import type { JobContext } from '../context.js';
import type { Network } from '../training/start/network.js';
import { predictCorrupted } from './corrupt-batches.js';
import { planCorruptions } from './corruption-plan.js';
import { createProgress } from './progress.js';
import { predictorOptions } from './read-network.js';
import { countExamples, examplesOf, type Samples } from './samples.js';
import { type PredictedSet, tabulate } from './tabulate.js';

/**
 * Scores on corrupted images of the examples that were predicted, or of fewer; none where the config asks for none. Of
 * predictions those of one kind are kept, of all kinds of one severity where they are scored together.
 */
export async function scoreCorrupted(
  context: JobContext,
  network: Pick<Network, 'material' | 'model' | 'trainer'>,
  samples: Samples,
): Promise<readonly RecordRow[]> {
  const { config, run, emit, signal } = context;
  const { material } = network;
  const plan = await planCorruptions(context, material);
  if (plan === undefined) return [];
  const { metrics, seed: drawn } = config.evaluation;
  const { examples: most, seed, combine } = config.evaluation.corruptions!;
  if (plan.skipped.length > 0) run.warn(`images are too small, skipped: ${plan.skipped.join(', ')}`);
  const chosen = plan.sets.map((set) => {
    const examples = examplesOf(samples, set);
    return { set, examples: most === undefined ? examples : sampleSet(examples, most, drawn, set) };
  });
  const total = countExamples(chosen) * (plan.corruptions.length + 1);
  const progress = createProgress({ run: run.id, signal, emit }, total);
  const options = predictorOptions(config, network, progress.tell);
  const predictAll = async (corruption: Parameters<typeof predictCorrupted>[1]): Promise<PredictedSet[]> => {
    const predict = predictCorrupted(options, corruption);
    const parts: PredictedSet[] = [];
    for (const { set, examples } of chosen) {
      parts.push({ set, examples, predictions: await predict(examples) });
      progress.pass(examples.length);
    }
    return parts;
  };
  const score = (parts: readonly PredictedSet[], kind: string, severity: number) =>
    corruptedRows(scorePredictions(tabulate(material, parts), metrics, config.evaluation), kind, severity);
  const rows = [...score(await predictAll(undefined), noCorruption, 0)];
  for (const severity of new Set(plan.corruptions.map((one) => one.severity))) {
    const pooled: PredictedSet[] = [];
    for (const one of plan.corruptions.filter((each) => each.severity === severity)) {
      const { scale, frost } = plan;
      const parts = await predictAll({ ...one, scale, frost, seed });
      rows.push(...score(parts, one.kind, severity));
      if (combine) pooled.push(...parts);
    }
    if (combine) rows.push(...score(pool(pooled), allCorruptions, severity));
  }
  run.log(
    `scored ${plan.corruptions.length} corruptions of ${plan.sets.join(', ')} (${plan.scale} constants)`,
  );
  return rows;
}

/** Every set in one piece. */
function pool(parts: readonly PredictedSet[]): PredictedSet[] {
  return [...new Set(parts.map(({ set }) => set))].map((set) => {
    const own = parts.filter((part) => part.set === set);
    return {
      set,
      examples: Uint32Array.from(own.flatMap(({ examples }) => Array.from(examples))),
      predictions: Float32Array.from(own.flatMap(({ predictions }) => Array.from(predictions))),
    };
  });
}
