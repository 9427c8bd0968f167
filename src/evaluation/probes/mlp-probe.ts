import { setImmediate } from 'node:timers/promises';
import { countUp, fillUniform, shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { createLink, type Link } from './link.js';
import { type Matrix, multiply, multiplyTransposed } from './matrix.js';
import { equalShares, type Probe, type ProbedSet, type ProbeMaterial } from './probe.js';
import { measureColumns, standardize } from './standardize.js';

export interface MlpProbeOptions {
  readonly hidden: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly mostEpochs: number;
  /** Epochs without a lower cross-entropy on the validation set after which training ends. */
  readonly patience: number;
}

export const usualMlpProbe: MlpProbeOptions = {
  hidden: 32,
  learningRate: 3e-3,
  batchSize: 64,
  mostEpochs: 200,
  patience: 10,
};

export interface MlpProbe extends Probe {
  /** Epoch, from 1 on, whose weights are kept. */
  readonly epoch: number;
  readonly epochs: number;
  readonly validationLoss: number;
}

/** Parts of one array, so that an optimiser sees a single vector. */
interface Weights {
  readonly all: Float64Array;
  /** `[hidden, columns]` and `[hidden]`. */
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
  /** `[outputs, hidden]` and `[outputs]`. */
  readonly readOut: Float64Array;
  readonly outBias: Float64Array;
}

/**
 * A hidden layer of ReLU on standardised features, trained by Adam on the cross-entropy; the weights of the epoch that is
 * best on the validation set are kept. Draws come from the streams (seed, 'probe', ...). Lets other work in between two
 * epochs.
 */
export async function fitMlpProbe(
  material: ProbeMaterial,
  seed: number,
  options: MlpProbeOptions = usualMlpProbe,
): Promise<MlpProbe> {
  const { hidden, batchSize, mostEpochs, patience } = options;
  const standardization = measureColumns(material.train.features);
  const prepare = ({ features, labels }: ProbedSet) => ({
    features: standardize(features, standardization),
    labels,
  });
  const train = prepare(material.train);
  const validation = prepare(material.validation);
  const outputs = material.classes === 2 ? 1 : material.classes;
  const { columns, rows } = train.features;
  const weights = drawWeights(seed, columns, hidden, outputs);
  const update = createAdam(weights.all.length, options.learningRate);
  const link = createLink(validation.labels, material.classes, equalShares(validation.features.rows));
  const residuals = new Float64Array(validation.features.rows * outputs);
  let best = { epoch: 0, loss: Number.POSITIVE_INFINITY, all: weights.all.slice() };
  let epoch = 0;
  while (epoch < mostEpochs && epoch - best.epoch < patience) {
    epoch++;
    const order = shuffle(stream(seed, 'probe', 'order', epoch), countUp(rows));
    for (let from = 0; from < rows; from += batchSize) {
      const batch = takeRows(train, order.subarray(from, from + batchSize));
      const shares = equalShares(batch.features.rows);
      update(
        weights.all,
        gradientOf(weights, batch.features, createLink(batch.labels, material.classes, shares)),
      );
    }
    const loss = link.evaluate(forward(weights, validation.features).margins, residuals);
    if (loss < best.loss) best = { epoch, loss, all: weights.all.slice() };
    await setImmediate();
  }
  weights.all.set(best.all);
  return {
    epoch: best.epoch,
    epochs: epoch,
    validationLoss: best.loss,
    read: (features) => forward(weights, standardize(features, standardization)).margins,
  };
}

function layOut(columns: number, hidden: number, outputs: number): Weights {
  const all = new Float64Array(hidden * (columns + 1) + outputs * (hidden + 1));
  let from = 0;
  const take = (size: number) => {
    from += size;
    return all.subarray(from - size, from);
  };
  return {
    all,
    kernel: take(hidden * columns),
    bias: take(hidden),
    readOut: take(outputs * hidden),
    outBias: take(outputs),
  };
}

/** Uniform, of the variance that ReLU keeps (He et al. 2015). */
function drawWeights(seed: number, columns: number, hidden: number, outputs: number): Weights {
  const weights = layOut(columns, hidden, outputs);
  for (const [name, inputs] of [
    ['kernel', columns],
    ['readOut', hidden],
  ] as const) {
    const bound = Math.sqrt(6 / inputs);
    const drawn = new Float32Array(weights[name].length);
    weights[name].set(fillUniform(stream(seed, 'probe', name), drawn, -bound, bound));
  }
  return weights;
}

function takeRows({ features: { data, columns }, labels }: ProbedSet, rows: Uint32Array): ProbedSet {
  const taken = new Float32Array(rows.length * columns);
  for (const [at, row] of rows.entries())
    taken.set(data.subarray(row * columns, (row + 1) * columns), at * columns);
  return {
    features: { data: taken, rows: rows.length, columns },
    labels: Uint16Array.from(rows, (row) => labels[row]!),
  };
}

function forward(
  weights: Weights,
  features: Matrix,
): { readonly seen: Matrix; readonly margins: Float64Array } {
  const hidden = weights.bias.length;
  const linear = new Float64Array(features.rows * hidden);
  multiply(features, weights.kernel, linear);
  const data = new Float32Array(linear.length);
  for (let at = 0; at < data.length; at++) data[at] = Math.max(0, linear[at]! + weights.bias[at % hidden]!);
  const seen = { data, rows: features.rows, columns: hidden };
  const margins = new Float64Array(features.rows * weights.outBias.length);
  multiply(seen, weights.readOut, margins);
  for (let at = 0; at < margins.length; at++) margins[at]! += weights.outBias[at % weights.outBias.length]!;
  return { seen, margins };
}

function gradientOf(weights: Weights, features: Matrix, link: Link): Float64Array {
  const [hidden, outputs] = [weights.bias.length, weights.outBias.length];
  const { seen, margins } = forward(weights, features);
  const residuals = new Float64Array(margins.length);
  link.evaluate(margins, residuals);
  const gradient = layOut(features.columns, hidden, outputs);
  multiplyTransposed(seen, residuals, gradient.readOut);
  for (const [at, residual] of residuals.entries()) gradient.outBias[at % outputs]! += residual;
  const back = new Float64Array(seen.data.length);
  for (let row = 0; row < features.rows; row++) {
    for (let unit = 0; unit < hidden; unit++) {
      const at = row * hidden + unit;
      if (seen.data[at] === 0) continue;
      for (let output = 0; output < outputs; output++)
        back[at]! += residuals[row * outputs + output]! * weights.readOut[output * hidden + unit]!;
      gradient.bias[unit]! += back[at]!;
    }
  }
  multiplyTransposed(features, back, gradient.kernel);
  return gradient.all;
}

/** Kingma & Ba (2015), with the usual constants. */
function createAdam(size: number, rate: number): (values: Float64Array, gradient: Float64Array) => void {
  const [first, second] = [new Float64Array(size), new Float64Array(size)];
  let [left1, left2] = [1, 1];
  return (values, gradient) => {
    left1 *= 0.9;
    left2 *= 0.999;
    for (let at = 0; at < size; at++) {
      const slope = gradient[at]!;
      first[at] = 0.9 * first[at]! + 0.1 * slope;
      second[at] = 0.999 * second[at]! + 0.001 * slope * slope;
      const scaled = first[at]! / (1 - left1);
      values[at]! -= (rate * scaled) / (Math.sqrt(second[at]! / (1 - left2)) + 1e-8);
    }
  };
}
