import { grads, mul, relu, type Scalar, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sizeOf } from '../../core/shape.js';
import { biasAdd } from '../ops/bias-add.js';
import { convolution, linear } from '../ops/fused.js';
import { fill, randomValues, runOn, startBoth } from '../testing/backends.js';

beforeAll(startBoth);

interface Layer {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  apply(...inputs: Tensor[]): Tensor;
}

const layers: readonly Layer[] = [
  { name: 'relu', shapes: [[3, 4]], apply: (x) => relu(x!) },
  { name: 'bias', shapes: [[2, 3, 4], [4]], apply: (x, bias) => biasAdd(x!, bias!) },
  ...(['linear', 'relu'] as const).flatMap((activation): Layer[] => [
    {
      name: `linear, ${activation}`,
      shapes: [[3, 5], [5, 4], [4]],
      apply: (x, kernel, bias) => linear(x!, kernel!, bias!, activation),
    },
    {
      name: `convolution 4x4, stride 2, same, ${activation}`,
      shapes: [[2, 6, 6, 2], [4, 4, 2, 3], [3]],
      apply: (x, kernel, bias) => convolution(x!, kernel!, bias!, { stride: 2, padding: 'same', activation }),
    },
    {
      name: `convolution 4x4, stride 1, valid, ${activation}`,
      shapes: [[2, 4, 4, 3], [4, 4, 3, 5], [5]],
      apply: (x, kernel, bias) =>
        convolution(x!, kernel!, bias!, { stride: 1, padding: 'valid', activation }),
    },
  ]),
];

/** A random weighting of the outputs: a scalar whose gradient reaches every input. */
function objective(layer: Layer, inputs: Tensor[]): Scalar {
  const outputs = layer.apply(...inputs);
  return sum(mul(outputs, fill(outputs.shape, 99)));
}

describe.each(['wasm', 'cpu'] as const)('gradients on %s equal finite differences', (backend) => {
  it.each(layers)('$name', (layer) => {
    const values = layer.shapes.map((shape, index) => randomValues(sizeOf(shape), index + 1));
    const evaluate = (arrays: readonly Float32Array[]) =>
      runOn(backend, () =>
        objective(
          layer,
          arrays.map((array, index) => tensor(array, [...layer.shapes[index]!])),
        ),
      )[0]!.data[0]!;
    const gradients = runOn(backend, () =>
      grads((...inputs: Tensor[]) => objective(layer, inputs))(
        values.map((array, index) => tensor(array, [...layer.shapes[index]!])),
      ),
    );
    const width = 1e-2;
    for (const [input, array] of values.entries()) {
      for (let position = 0; position < array.length; position += Math.ceil(array.length / 12)) {
        const moved = (by: number) =>
          evaluate(values.map((other, index) => (index === input ? withMoved(other, position, by) : other)));
        const [below, here, above] = [moved(-width), moved(0), moved(width)];
        // A kink of ReLU within reach: the two sides differ, and no difference says which is right.
        if (Math.abs(above - 2 * here + below) > 1e-4) continue;
        expect(gradients[input]!.data[position]!).toBeCloseTo((above - below) / (2 * width), 2);
      }
    }
  });
});

it('takes no gradient from the zeros of ReLU', () => {
  const [gradient] = runOn('wasm', () => tidy(() => grads((x) => sum(relu(x!)))([tensor([-1, 0, 2])])));
  expect([...gradient!.data]).toEqual([0, 0, 1]);
});

function withMoved(array: Float32Array, position: number, by: number): Float32Array {
  const copy = array.slice();
  copy[position]! += by;
  return copy;
}
