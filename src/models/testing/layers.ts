import { grads, mul, type Scalar, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { sizeOf } from '../../core/numbers/shape.js';
import type { TensorMap } from '../../engine/engine.js';
import { gelu } from '../../engine/ops/gelu.js';
import { type BackendName, relativeError, runOn } from '../../engine/testing/backends.js';
import { multiHeadAttention } from '../layers/attention.js';
import { groupNorm } from '../layers/group-norm.js';
import { layerNorm } from '../layers/layer-norm.js';
import { averagePool, maxPool } from '../layers/pooling.js';
import { type LayerCase, numbers, readLayerCases } from './golden.js';

type Apply = (parameters: TensorMap, ...inputs: Tensor[]) => Tensor;

const selfAttention =
  (heads: number, causal: boolean): Apply =>
  (parameters, x) =>
    multiHeadAttention(parameters, 'attention', [x!, x!, x!], { heads, causal });

const layers: Readonly<Record<string, Apply>> = {
  'layer norm': (parameters, x) => layerNorm(parameters, 'norm', x!),
  'group norm': (parameters, x) => groupNorm(parameters, 'norm', x!, 4),
  attention: selfAttention(4, false),
  'causal attention': selfAttention(2, true),
  'cross-attention': (parameters, q, k, v) =>
    multiHeadAttention(parameters, 'attention', [q!, k!, v!], { heads: 4 }),
  'max pool': (_, x) => maxPool(x!, { size: 3, stride: 2 }),
  'average pool': (_, x) => averagePool(x!, { size: 2 }),
  gelu: (_, x) => gelu(mul(x!, 3)),
  'gelu, tanh': (_, x) => gelu(mul(x!, 3), 'tanh'),
};

function fill(stream: number, shape: readonly number[]): Tensor {
  return tensor(
    Float32Array.from(numbers(stream, sizeOf(shape)), (u) => 2 * u - 1),
    [...shape],
  );
}

/** Tests of one backend: outputs and gradients of every layer equal PyTorch's. */
export function checkLayers(backend: BackendName): void {
  it.each(readLayerCases().map((golden) => [golden.name, golden] as const))(
    `%s on ${backend}: as PyTorch, to 1e-5`,
    (name, golden) => {
      const found = runOn(backend, () => computeLayer(layers[name]!, golden));
      const names = Object.keys(golden.parameters);
      const expected = [
        golden.output,
        ...names.map((key) => ({ shape: golden.parameters[key]!, values: golden.gradients[key]! })),
        ...golden.inputs.map((shape, index) => ({ shape, values: golden.inputGradients[index]! })),
      ].map(({ shape, values }) => ({ shape, data: Float32Array.from(values) }));
      expect(found.length).toBe(expected.length);
      const largest = Math.max(...expected.flatMap(({ data }) => [...data].map(Math.abs)));
      for (const [index, values] of found.entries()) {
        // A gradient that vanishes, as that of the keys' bias does, has nothing of its own to be compared with.
        const own = Math.max(...expected[index]!.data.map(Math.abs));
        const weight = own < 1e-4 * largest ? own / largest : 1;
        expect(relativeError(values, expected[index]!) * weight, `array ${index}`).toBeLessThan(1e-5);
      }
    },
  );
}

/** The output, and the gradients of the parameters and inputs. */
function computeLayer(apply: Apply, golden: LayerCase): Tensor[] {
  const names = Object.keys(golden.parameters);
  const parameters = names.map((name, stream) => fill(stream, golden.parameters[name]!));
  const inputs = golden.inputs.map((shape, index) => fill(100 + index, shape));
  const evaluate = (...tensors: Tensor[]) => {
    const named = Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
    return apply(named, ...tensors.slice(names.length));
  };
  const tensors = [...parameters, ...inputs];
  const weights = fill(300, golden.output.shape);
  const loss = (...all: Tensor[]) => sum(mul(evaluate(...all), weights)) as Scalar;
  return [evaluate(...tensors), ...grads(loss)(tensors)];
}
