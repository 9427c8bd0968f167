import {
  add,
  conv2d,
  div,
  mean,
  mul,
  relu,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { detached } from '../../../engine/ops/detached.js';
import { conv2dParameters, conv2d as convolve } from '../../../models/layers/conv2d.js';
import type { ParameterSpec } from '../../../models/model.js';
import { statePrefix } from '../../own-parameters.js';
import type { ContextNet, ContextOptions } from './context-net.js';

/** As in PyTorch. */
const [epsilon, momentum] = [1e-5, 0.1];
/** Of the convolutions' kernels. */
const size = 5;
const layers = [1, 2] as const;
type Layer = (typeof layers)[number];

/** Makes images of a layer alike, by moments of the batch or running ones. */
type Normalise = (images: Tensor, layer: Layer) => Tensor;

const moment = (layer: Layer, kind: 'mean' | 'variance') => `${statePrefix}context/norm${layer}/${kind}`;

/**
 * Three convolutions of images of so many channels, with batch normalisation and ReLU after the first two: over all rows
 * of a batch in training (biased variance; running moments of the unbiased one), by the running moments in prediction.
 */
export function imageContext(
  prefix: string,
  { width, context }: ContextOptions,
  channels: number,
): ContextNet {
  const of = (value: number): ParameterSpec => ({
    shape: [width],
    initializer: { kind: 'constant', value },
  });
  const run = (parameters: TensorMap, x: Tensor, normalise: Normalise): Tensor => {
    let found = x;
    for (const layer of layers) {
      const kernel = parameters[`${prefix}/conv${layer}/kernel`] as Tensor4D;
      const alike = normalise(conv2d(found as Tensor4D, kernel, 1, 'same'), layer);
      const scaled = mul(alike, parameters[`${prefix}/norm${layer}/scale`]!);
      found = relu(add(scaled, parameters[`${prefix}/norm${layer}/offset`]!));
    }
    return convolve(parameters, `${prefix}/conv3`, found, { stride: 1, padding: 'same' });
  };
  return {
    parameters: {
      ...withoutBias(conv2dParameters(`${prefix}/conv1`, size, channels, width)),
      [`${prefix}/norm1/scale`]: of(1),
      [`${prefix}/norm1/offset`]: of(0),
      ...withoutBias(conv2dParameters(`${prefix}/conv2`, size, width, width)),
      [`${prefix}/norm2/scale`]: of(1),
      [`${prefix}/norm2/offset`]: of(0),
      ...conv2dParameters(`${prefix}/conv3`, size, width, context),
    },
    moments: Object.fromEntries(
      layers.flatMap((layer) => [
        [moment(layer, 'mean'), of(0)],
        [moment(layer, 'variance'), of(1)],
      ]),
    ),
    learn(parameters, x) {
      const moments: Record<string, Tensor> = {};
      const context = run(parameters, x, (images, layer) => {
        const rows = reshape(images, [-1, width]);
        const center = mean(rows, 0);
        const apart = sub(rows, center);
        const squares = sum(square(apart), 0);
        const keep = (name: string, now: Tensor) => {
          moments[name] = detached(() => add(mul(parameters[name]!, 1 - momentum), mul(now, momentum)));
        };
        keep(moment(layer, 'mean'), center);
        keep(moment(layer, 'variance'), div(squares, rows.shape[0]! - 1));
        const variance = div(squares, rows.shape[0]!);
        return reshape(mul(apart, rsqrt(add(variance, epsilon))), images.shape);
      });
      return { context, moments };
    },
    apply: (parameters, x) =>
      run(parameters, x, (images, layer) => {
        const variance = parameters[moment(layer, 'variance')]!;
        const apart = sub(images, parameters[moment(layer, 'mean')]!);
        return mul(apart, rsqrt(add(variance, epsilon)));
      }),
  };
}

/** A bias before a normalisation would do nothing. */
function withoutBias(
  specs: Readonly<Record<string, ParameterSpec>>,
): Readonly<Record<string, ParameterSpec>> {
  return Object.fromEntries(Object.entries(specs).filter(([name]) => !name.endsWith('/bias')));
}
