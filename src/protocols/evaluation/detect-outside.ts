import type { ExperimentConfig } from '../../config/schema/root.js';
import { HeldoutError } from '../../core/errors.js';
import { measureDetection } from '../../evaluation/detection/metrics.js';
import { detectionRows } from '../../evaluation/detection/rows.js';
import {
  detectionScores,
  type NetworkReading,
  type TrainReading,
} from '../../evaluation/detection/scores.js';
import type { RecordRow } from '../../evaluation/predictions.js';
import type { Matrix } from '../../evaluation/probes/matrix.js';
import type { Head } from '../../variables/targets.js';
import type { JobContext } from '../context.js';
import type { Network } from '../training/start/network.js';
import { findHead } from './find-head.js';
import { createPredictor } from './predict.js';
import { createProgress } from './progress.js';
import { createFeatureReader, predictorOptions, takeReadOut } from './read-network.js';
import { countExamples, examplesOf, type Samples } from './samples.js';
import { findInDistribution, listTestSets, requireSets } from './test-sets.js';

type Detected = Pick<Network, 'material' | 'model' | 'trainer'>;

const place = 'evaluation.ood_detection';

/** What is to be told from what, and by which target. */
interface DetectionPlan {
  readonly inside: string;
  readonly outside: readonly string[];
  readonly head: Head;
}

/**
 * Follows from the config and the data; undefined where nothing is asked for. Throws HeldoutError where no target has
 * classes, several have and none is named, a set is not in the split, nothing is to be told apart, and where a score reads
 * features that the model has not.
 */
export function planDetection(
  { evaluation: { ood_detection: asked }, model: { name } }: ExperimentConfig,
  { material, model }: Pick<Detected, 'material' | 'model'>,
): DetectionPlan | undefined {
  if (asked === undefined) return undefined;
  const head = findHead(material, asked.target, { section: place, code: 'E_DETECTION_TARGET' });
  const inside = asked.in ?? findInDistribution(material, `${place}.in`, false);
  const outside = asked.out ?? listTestSets(material).filter((set) => set !== inside);
  requireSets(material, [inside], `${place}.in`);
  requireSets(material, outside, `${place}.out`);
  if (outside.length === 0 || outside.includes(inside)) {
    throw refuse(
      'E_DETECTION_SETS',
      outside.length === 0
        ? `the split has no set for testing beside ${inside}`
        : `the set ${inside} cannot be told from itself`,
      [`name sets: +${place}.in=SET '+${place}.out=[SET]'`],
    );
  }
  const reading = asked.scores.filter((score) => detectionScores[score].readsFeatures);
  if (reading.length > 0 && model.features === undefined) {
    throw refuse('E_DETECTION_MODEL', `the model ${name} has no features for ${reading.join(', ')} to read`, [
      `'+${place}.scores=[msp,energy]'`,
      'type model=mlp, model=patch_mlp, model=cnn or model=vit',
    ]);
  }
  return { inside, outside, head };
}

/** How well a set in distribution is told from others, by every score; nothing where the config asks for nothing. */
export async function detectOutside(
  { config, run, signal, emit }: JobContext,
  network: Detected,
  samples: Samples,
): Promise<readonly RecordRow[]> {
  const plan = planDetection(config, network);
  if (plan === undefined) return [];
  const { inside, outside, head } = plan;
  const { scores, temperature, neighbours } = config.evaluation.ood_detection!;
  const { trainer, material } = network;
  const needsFeatures = scores.some((score) => detectionScores[score].readsFeatures);
  const looked = samples.filter(({ set }) => ['train', inside, ...outside].includes(set));
  const progress = createProgress(
    { run: run.id, signal, emit },
    countExamples(looked) * (needsFeatures ? 2 : 1),
  );
  const options = predictorOptions(config, network, progress.tell);
  const predict = createPredictor(options);
  const readFeatures = needsFeatures ? createFeatureReader(options) : undefined;
  const read = async (set: string): Promise<NetworkReading> => {
    const examples = examplesOf(samples, set);
    const rows = examples.length;
    const logits = takeLogits(await predict(examples), rows, head);
    progress.pass(rows);
    if (readFeatures === undefined) return { logits };
    const features = toMatrix(await readFeatures(examples), rows);
    progress.pass(rows);
    return { logits, features };
  };
  const column = material.dataset.table.column(head.name);
  const train: TrainReading = {
    ...(await read('train')),
    labels: Array.from(examplesOf(samples, 'train'), (example) => column[example]!),
    ...(needsFeatures && { readOut: readOutOf(trainer, head) }),
  };
  const scorers = scores.map((score) => {
    return { score, scorer: detectionScores[score].fit(train, { temperature, neighbours }) };
  });
  const own = await read(inside);
  const known = scorers.map(({ scorer }) => scorer(own));
  const rows: RecordRow[] = [];
  for (const set of outside) {
    const reading = await read(set);
    for (const [at, { score, scorer }] of scorers.entries()) {
      const found = measureDetection(known[at]!, scorer(reading));
      rows.push(...detectionRows(set, { score, in: inside }, found, own.logits.rows + reading.logits.rows));
    }
  }
  run.log(`told ${outside.join(', ')} from ${inside} by ${scores.join(', ')}`);
  return rows;
}

/** Of the head's classes; a binary head has 0 and its output less its threshold. */
function takeLogits(outputs: Float32Array, rows: number, head: Head): Matrix {
  const width = outputs.length / rows;
  const { columns, take } = layOutClasses(head);
  const data = Float32Array.from({ length: rows * columns }, (_, at) =>
    take((of) => outputs[Math.floor(at / columns) * width + of]!, at % columns),
  );
  return { data, rows, columns };
}

/** The last layer, of the head's classes. */
function readOutOf(trainer: Detected['trainer'], head: Head): NonNullable<TrainReading['readOut']> {
  const { kernel, bias } = takeReadOut(trainer);
  const width = bias.length;
  const { columns, take } = layOutClasses(head);
  const rows = kernel.length / width;
  return {
    kernel: Float64Array.from({ length: rows * columns }, (_, at) =>
      take((of) => kernel[Math.floor(at / columns) * width + of]!, at % columns, 0),
    ),
    bias: Float64Array.from({ length: columns }, (_, at) => take((of) => bias[of]!, at)),
  };
}

function layOutClasses({ kind, start, width, threshold = 0 }: Head) {
  const isBinary = kind === 'binary';
  return {
    columns: isBinary ? 2 : width,
    take(read: (of: number) => number, column: number, less = threshold): number {
      if (!isBinary) return read(start + column);
      return column === 0 ? 0 : read(start) - less;
    },
  };
}

function toMatrix(data: Float32Array, rows: number): Matrix {
  return { data, rows, columns: data.length / rows };
}

function refuse(code: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code, message, place, hints });
}
