import { monotonicSeconds } from '../../core/clock.js';
import { scorePredictions } from '../../evaluation/index.js';
import type { PredictionsTable, RecordRow } from '../../evaluation/predictions.js';
import { encodePredictions } from '../../evaluation/predictions-file.js';
import { encodeRecord } from '../../evaluation/record.js';
import { sampleSet } from '../../splits/sample.js';
import { createPace } from '../../training/pace.js';
import type { JobContext, JobEnd } from '../context.js';
import type { Material } from '../prepare.js';
import { type PredictedSet, tabulate } from './tabulate.js';

/** What is measured of a model beside its predictions, on the same examples, in their order. */
export interface Measured extends Pick<PredictionsTable, 'probes'> {
  readonly rows: readonly RecordRow[];
}
/** Outputs `[examples, outputs]`, row-major, of the examples of a set. */
export type SetPredictor = (examples: Uint32Array, set: string) => Float32Array | Promise<Float32Array>;
type Measure = (
  samples: readonly { readonly set: string; readonly examples: Uint32Array }[],
) => Promise<Measured>;

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
  const { train_examples, test_examples, seed, metrics } = config.evaluation;
  const samples = Object.entries(material.split.sets).map(([set, examples]) => {
    const most = set === 'train' ? train_examples : test_examples;
    return { set, examples: sampleSet(examples, most, seed, set) };
  });
  const total = samples.reduce((sum, { examples }) => sum + examples.length, 0);
  const pace = createPace(0);
  const parts: PredictedSet[] = [];
  let before = 0;
  let measured: Measured = { rows: [] };
  const predict = createPredictor((done) => {
    signal.throwIfAborted();
    const rate = pace.measure(before + done);
    if (rate === undefined) return;
    emit({ type: 'progress', run: run.id, stage: 'evaluate', done: before + done, total, rate });
  });
  try {
    for (const { set, examples } of samples) {
      parts.push({ set, examples, predictions: await predict(examples, set) });
      before += examples.length;
    }
    measured = await measure(samples);
  } catch (error) {
    if (signal.aborted && error === signal.reason) return { outcome: 'interrupted' };
    throw error;
  }
  const { context, ...columns } = tabulate(material, parts);
  const { probes } = measured;
  const table = {
    ...columns,
    ...(probes && { probes }),
    context: { ...context, evaluation: run.evaluation },
  };
  const rows = scorePredictions(table, metrics, config.evaluation);
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
  // Both are made before either is written, so that they are of one evaluation.
  run.writeFile('predictions', await encodePredictions(table));
  run.writeFile('record', record);
  const overall = rows.filter(
    ({ set, metric, group }) => set !== 'train' && metric === metrics[0] && Object.keys(group).length === 0,
  );
  const found = overall.map(({ set, metric, value }) => `${set} ${metric} ${value}`);
  run.log([`evaluated ${total} examples`, ...(found.length === 0 ? [] : [found.join(', ')])].join(': '));
  return { outcome: 'finished', evaluation: { seconds: monotonicSeconds() - since, units: total } };
}
