import { mean, type Tensor } from '@tensorflow/tfjs-core';
import type { NamedArrays, TrainerOptions } from '../../../src/engine/engine.js';
import { softmaxCrossEntropy } from '../../../src/engine/ops/cross-entropy.js';
import { initialParameters } from '../../../src/models/initialise.js';
import { conv2d, conv2dParameters } from '../../../src/models/layers/conv2d.js';
import { dense, denseParameters } from '../../../src/models/layers/dense.js';
import { flatten } from '../../../src/models/layers/flatten.js';
import { fillUniform } from '../../../src/random/draw.js';
import { stream } from '../../../src/random/stream.js';
import { createAdam } from '../../../src/training/optimizers/adam.js';
import { createTask } from '../steps/tasks.js';

export interface Training {
  readonly options: TrainerOptions;
  readonly batch: NamedArrays;
}

const optimizer = () => createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });

export function tinyMlp(): Training {
  const { parameters, batch, loss } = createTask('tiny-mlp');
  return { options: { parameters, loss, optimizer: optimizer() }, batch };
}

/** 16x16x1 images, batch 32, 4x4/2 convolutions of 8 and 16 channels, a linear layer. */
export function smallCnn(): Training {
  const parameters = {
    ...conv2dParameters('conv1', 4, 1, 8),
    ...conv2dParameters('conv2', 4, 8, 16),
    ...denseParameters('read-out', 256, 2),
  };
  const apply = (p: Parameters<TrainerOptions['loss']>[0], x: Tensor): Tensor => {
    const settings = { stride: 2, padding: 'same', activation: 'relu' } as const;
    const h = conv2d(p, 'conv2', conv2d(p, 'conv1', x, settings), settings);
    return dense(p, 'read-out', flatten(h), 'linear');
  };
  const x = new Float32Array(32 * 16 * 16);
  fillUniform(stream(0, 'bench', 'image'), x, 0, 1);
  return {
    options: {
      parameters: initialParameters({ parameters, apply: () => ({}) }, 0),
      optimizer: optimizer(),
      loss: (p, batch) => mean(softmaxCrossEntropy(apply(p, batch.x!), batch.label!)),
    },
    batch: {
      x: { shape: [32, 16, 16, 1], data: x },
      label: { shape: [32], data: Int32Array.from({ length: 32 }, (_, index) => index % 2) },
    },
  };
}
