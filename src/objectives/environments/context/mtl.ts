import {
  add,
  matMul,
  mean,
  mul,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  tensor2d,
} from '@tensorflow/tfjs-core';
import { fillNormal } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';
import type { Objective } from '../../objective.js';
import { partPrefix, statePrefix } from '../../own-parameters.js';
import { drawn } from '../draws.js';
import { byEnvironment, type EnvironmentHead, risks } from '../risks.js';

export interface MtlOptions {
  /** Whether normal noise stands for the embedding of an environment (DomainBed, where the embedding is lost). */
  readonly noise: boolean;
}

const kernel = `${partPrefix}embedding/kernel`;
const embeddings = `${statePrefix}embeddings`;

/**
 * Marginal transfer learning (Blanchard, Deshmukh, Dogan, Lee & Scott, JMLR 2021) as DomainBed has it: the read-out reads an
 * embedding of the environment beside the features h, a running mean of these,
 *
 *     Σ_e R_e of W h + U m_e,   m_e ← ε mean_e h + (1 − ε) m_e,
 *
 * from 0; a gradient reaches this step's mean alone. `numbers.ema` is ε. The kernel U `[width, outputs]` is a part of the
 * objective. Where the model predicts, the embedding is the mean of the features of the batch that it is given, so that
 * predictions depend on the batch; with noise, it is noise, the same for every batch.
 *
 * Of `outputs.features` `[environments × examples, width]` besides prediction and target.
 * @param width Of the features.
 */
export function createMtl({ noise }: MtlOptions, of: EnvironmentHead, width: number): Objective {
  const { environments, head } = of;
  // As PyTorch's linear layer of features and embedding would begin.
  const bound = 1 / Math.sqrt(2 * width);
  return {
    parts: { [kernel]: { shape: [width, head.width], initializer: { kind: 'uniform', bound } } },
    state: {
      [embeddings]: { shape: [environments, width], initializer: { kind: 'constant', value: 0 } },
    },
    loss(outputs, batch, numbers, { all }) {
      const seen = mean(byEnvironment(of, outputs.features!), 1);
      const moved = add(mul(seen, numbers.ema!), mul(all[embeddings]!, sub(1, numbers.ema!)));
      const plain = byEnvironment(of, outputs.prediction!);
      const told = noise
        ? byEnvironment(of, matMul(batch[drawn.noise]!, all[kernel]!))
        : reshape(matMul(moved, all[kernel]!), [environments, 1, head.width]);
      const prediction = reshape(add(plain, told), outputs.prediction!.shape);
      return { loss: sum<Scalar>(risks(of, { prediction }, batch)), statistics: { [embeddings]: moved } };
    },
    predict(network, parameters, inputs) {
      const { prediction, features } = network.apply(parameters, inputs, {});
      const embedding = noise ? fixedNoise(features!.shape) : mean(features!, 0, true);
      return add(prediction!, matMul(embedding, parameters[kernel]!));
    },
  };
}

function fixedNoise([rows, width]: readonly number[]): Tensor {
  const values = fillNormal(stream(0, 'embedding of a prediction'), new Float32Array(rows! * width!));
  return tensor2d(values, [rows!, width!]);
}
