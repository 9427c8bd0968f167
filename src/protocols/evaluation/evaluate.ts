import { monotonicSeconds } from '../../core/clock.js';
import { scorePredictions } from '../../evaluation/index.js';
import type { PredictionsTable, RecordRow } from '../../evaluation/predictions.js';
import { encodePredictions } from '../../evaluation/predictions-file.js';
import { encodeRecord } from '../../evaluation/record.js';
import type { JobContext, JobEnd } from '../context.js';
import type { Material } from '../prepare.js';
import { createProgress } from './progress.js';
import { countExamples, type Samples, sampleSets } from './samples.js';
import { type PredictedSet, tabulate } from './tabulate.js';

/** What is measured of a model beside its predictions, on the same examples, in their order. */
export interface Measured extends Pick<PredictionsTable, 'probes'> {
  readonly rows: readonly RecordRow[];
  /** What `attacks.safetensors` is to have; there is to be none where it is absent. */
  readonly attacks?: Buffer;
}

/** Outputs `[examples, outputs]`, row-major, of the examples of a set. */
export type SetPredictor = (examples: Uint32Array, set: string) => Float32Array | Promise<Float32Array>;
type Measure = (samples: Samples) => Promise<Measured>;

/**
 * Predicts a fixed sample of every set of the split, the same for all models and seeds, and
 * writes predictions and record. Stops between two batches when the signal fires.
 */
export async function evaluate(
  { config, run, emit, signal }: JobContext,
  material: Material,
  createPredictor: (progress: (done: number) => void) => SetPredictor,
  labels: Readonly<Record<string, string>> = {},
  measure: Measure = async () => ({ rows: [] }),
): Promise<Pick<JobEnd, 'outcome' | 'evaluation'>> {
  const since = monotonicSeconds();
  const { metrics } = config.evaluation;
  const samples = sampleSets(material.split, config);
  const total = countExamples(samples);
  const progress = createProgress({ run: run.id, signal, emit }, total);
  const parts: PredictedSet[] = [];
  let predicted: PredictionsTable;
  let rows: readonly RecordRow[];
  let measured: Measured;
  const predict = createPredictor(progress.tell);
  try {
    for (const { set, examples } of samples) {
      parts.push({ set, examples, predictions: await predict(examples, set) });
      progress.pass(examples.length);
    }
    const { context, ...columns } = tabulate(material, parts);
    predicted = { ...columns, context: { ...context, evaluation: run.evaluation } };
    // Refuses predictions that are not finite, before what takes longer is made of such a network.
    rows = scorePredictions(predicted, metrics, config.evaluation);
    measured = await measure(samples);
  } catch (error) {
    if (signal.aborted && error === signal.reason) return { outcome: 'interrupted' };
    throw error;
  }
  const { probes } = measured;
  const table = { ...predicted, ...(probes && { probes }) };
  const record = encodeRecord({
    schema: 1,
    run: run.id,
    labels: {
      dataset: config.dataset.name,
      split: config.split.rule,
      model: config.model.name,
      protocol: config.protocol.name,
      seed: String(config.seed),
      ...labels,
    },
    rows: [...rows, ...measured.rows],
  });
  // All are made before any is written, so that they are of one evaluation.
  const predictions = await encodePredictions(table);
  // Images of an evaluation before this one would be taken for those of its numbers.
  if (measured.attacks === undefined) run.removeFile('attacks');
  else run.writeFile('attacks', measured.attacks);
  run.writeFile('predictions', predictions);
  run.writeFile('record', record);
  const overall = rows.filter(
    ({ set, metric, group }) => set !== 'train' && metric === metrics[0] && Object.keys(group).length === 0,
  );
  const found = overall.map(({ set, metric, value }) => `${set} ${metric} ${value}`);
  run.log([`evaluated ${total} examples`, ...(found.length === 0 ? [] : [found.join(', ')])].join(': '));
  return { outcome: 'finished', evaluation: { seconds: monotonicSeconds() - since, units: total } };
}
