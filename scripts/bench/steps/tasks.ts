import { add, mean, reshape, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../src/core/numbers/shape.js';
import type { NamedArrays, TensorMap } from '../../../src/engine/engine.js';
import { softmaxCrossEntropy } from '../../../src/engine/ops/cross-entropy.js';
import { initialParameters } from '../../../src/models/initialise.js';
import { attentionParameters, multiHeadAttention } from '../../../src/models/layers/attention.js';
import { conv2d, conv2dParameters } from '../../../src/models/layers/conv2d.js';
import { dense, denseParameters } from '../../../src/models/layers/dense.js';
import { flatten } from '../../../src/models/layers/flatten.js';
import { groupNorm } from '../../../src/models/layers/group-norm.js';
import { layerNorm, normParameters } from '../../../src/models/layers/layer-norm.js';
import { globalAveragePool } from '../../../src/models/layers/pooling.js';
import type { ParameterSpec } from '../../../src/models/model.js';
import { fillUniform } from '../../../src/random/draw.js';
import { stream } from '../../../src/random/stream.js';

/** A network and a batch to train it on. peer.py has the same ones in PyTorch, shipped.ts in plain TensorFlow.js. */
export interface StepTask {
  readonly title: string;
  readonly parameters: NamedArrays;
  /** `x`, and `label` `[batch]` int32. */
  readonly batch: NamedArrays;
  loss(parameters: TensorMap, batch: TensorMap): Scalar;
  /** `x` to logits `[batch, classes]`. */
  apply(parameters: TensorMap, x: Tensor): Tensor;
}

interface Net {
  readonly title: string;
  readonly input: readonly number[];
  readonly classes: number;
  readonly parameters: readonly Readonly<Record<string, ParameterSpec>>[];
  /** Inputs to logits `[batch, classes]`. */
  apply(parameters: TensorMap, x: Tensor): Tensor;
}

export const taskNames = ['mlp', 'cnn', 'attention', 'digit-cnn', 'tiny-mlp'] as const;
export type TaskName = (typeof taskNames)[number];

/** Layers, width, heads and length of the attention net. */
export const attentionSize = { layers: 4, width: 128, heads: 4, length: 64 } as const;
export const digitLayers = [
  { inputs: 2, outputs: 64, stride: 1 },
  { inputs: 64, outputs: 128, stride: 2 },
  { inputs: 128, outputs: 128, stride: 1 },
  { inputs: 128, outputs: 128, stride: 1 },
] as const;
const cnnChannels = [3, 32, 32, 64, 64] as const;

function mlp(title: string, batch: number, widths: readonly number[]): Net {
  const names = widths.slice(1).map((_, index) => `dense${index + 1}`);
  return {
    title,
    input: [batch, widths[0]!],
    classes: widths.at(-1)!,
    parameters: names.map((name, index) => denseParameters(name, widths[index]!, widths[index + 1]!)),
    apply: (parameters, x) =>
      names.reduce(
        (h, name, index) => dense(parameters, name, h, index < names.length - 1 ? 'relu' : 'linear'),
        x,
      ),
  };
}

const cnn: Net = {
  title: 'CNN 64x64x3, batch 64',
  input: [64, 64, 64, 3],
  classes: 10,
  parameters: [
    ...cnnChannels
      .slice(1)
      .map((outputs, index) => conv2dParameters(`conv${index + 1}`, 4, cnnChannels[index]!, outputs)),
    denseParameters('dense', 1024, 256),
    denseParameters('read-out', 256, 10),
  ],
  apply(parameters, x) {
    let h = x;
    for (let index = 1; index < cnnChannels.length; index++) {
      h = conv2d(parameters, `conv${index}`, h, { stride: 2, padding: 'same', activation: 'relu' });
    }
    return dense(parameters, 'read-out', dense(parameters, 'dense', flatten(h), 'relu'), 'linear');
  },
};

const digitCnn: Net = {
  title: 'digit CNN 28x28x2, batch 128',
  input: [128, 28, 28, 2],
  classes: 2,
  parameters: [
    ...digitLayers.map(({ inputs, outputs }, index) => ({
      ...conv2dParameters(`conv${index + 1}`, 3, inputs, outputs),
      ...normParameters(`norm${index + 1}`, outputs),
    })),
    denseParameters('read-out', 128, 2),
  ],
  apply(parameters, x) {
    let h = x;
    for (const [index, { stride }] of digitLayers.entries()) {
      h = conv2d(parameters, `conv${index + 1}`, h, { stride, padding: 'same', activation: 'relu' });
      h = groupNorm(parameters, `norm${index + 1}`, h, 8);
    }
    return dense(parameters, 'read-out', globalAveragePool(h), 'linear');
  },
};

const { layers, width, heads, length } = attentionSize;
const blocks = Array.from({ length: layers }, (_, index) => `block${index + 1}`);

const attention: Net = {
  title: 'attention 4 x 64 x 128, batch 64',
  input: [64, length, width],
  classes: 10,
  parameters: [
    ...blocks.map((block) => ({
      ...normParameters(`${block}/norm1`, width),
      ...attentionParameters(`${block}/attention`, width, { biases: false }),
      ...normParameters(`${block}/norm2`, width),
      ...denseParameters(`${block}/dense1`, width, 4 * width),
      ...denseParameters(`${block}/dense2`, 4 * width, width),
    })),
    denseParameters('read-out', width, 10),
  ],
  apply(parameters, x) {
    let h = x;
    for (const block of blocks) {
      const first = layerNorm(parameters, `${block}/norm1`, h);
      h = add(h, multiHeadAttention(parameters, `${block}/attention`, [first, first, first], { heads }));
      const second = reshape(layerNorm(parameters, `${block}/norm2`, h), [-1, width]);
      const wide = dense(parameters, `${block}/dense1`, second, 'relu');
      h = add(h, reshape(dense(parameters, `${block}/dense2`, wide, 'linear'), h.shape));
    }
    return dense(parameters, 'read-out', globalAveragePool(h), 'linear');
  },
};

const nets: Readonly<Record<TaskName, Net>> = {
  mlp: mlp('MLP 4096-512-512-10, batch 128', 128, [4096, 512, 512, 10]),
  cnn,
  attention,
  'digit-cnn': digitCnn,
  'tiny-mlp': mlp('tiny MLP 100-32-32-2, batch 128', 128, [100, 32, 32, 2]),
};

export function titleOf(name: TaskName): string {
  return nets[name].title;
}

/** @param seed Of the initial parameters. */
export function createTask(name: TaskName, seed = 0): StepTask {
  const { title, input, classes, parameters, apply } = nets[name];
  const specs: Readonly<Record<string, ParameterSpec>> = Object.assign({}, ...parameters);
  const x = new Float32Array(sizeOf(input));
  const draws = new Float32Array(input[0]!);
  fillUniform(stream(0, 'bench', 'x'), x, 0, 1);
  fillUniform(stream(0, 'bench', 'label'), draws, 0, classes);
  return {
    title,
    parameters: initialParameters({ parameters: specs, apply: () => ({}) }, seed),
    batch: {
      x: { shape: input, data: x },
      label: {
        shape: [input[0]!],
        data: Int32Array.from(draws, (draw) => Math.min(classes - 1, Math.floor(draw))),
      },
    },
    loss: (values, batch) => mean(softmaxCrossEntropy(apply(values, batch.x!), batch.label!)),
    apply,
  };
}
