import { add, grads, mul, type Scalar, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../core/numbers/shape.js';
import { type BackendName, fill, randomValues, relativeError, runOn, type Values } from './backends.js';
import { type DifferentiableOp, differentiableOps } from './differentiable-ops/index.js';

const tolerance = 1e-5;

/** A random weighting of the outputs: a scalar whose gradient reaches every input. */
function objective(apply: DifferentiableOp['apply'], inputs: readonly Tensor[]): Scalar {
  const outputs = apply(...inputs);
  return sum(mul(outputs, fill(outputs.shape, 99)));
}

function inputsOf({ shapes, offset = 0 }: DifferentiableOp): Values[] {
  return shapes.map((shape, index) => {
    const data = randomValues(sizeOf(shape), index + 1);
    return { shape, data: index === 0 ? data.map((value) => value + offset) : data };
  });
}

const toTensors = (values: readonly Values[]) => values.map(({ shape, data }) => tensor(data, [...shape]));

/** Tests of one backend: values and gradients equal those of plain ops and finite differences. */
export function checkGradients(backend: BackendName): void {
  describe(`ops and their gradients on ${backend}`, () => {
    it.each(differentiableOps)('$name: as plain ops, to 1e-5', (op) => {
      const inputs = inputsOf(op);
      const compute = (apply: DifferentiableOp['apply']) =>
        runOn(backend, () => {
          const tensors = toTensors(inputs);
          return [apply(...tensors), ...grads((...all: Tensor[]) => objective(apply, all))(tensors)];
        });
      const expected = compute(op.plain);
      const scale = Math.max(...expected.slice(1).flatMap(({ data }) => [...data].map(Math.abs)));
      for (const [index, found] of compute(op.apply).entries()) {
        // A gradient that vanishes is compared with the others: rounding is all that is left of it.
        const largest = Math.max(...expected[index]!.data.map(Math.abs));
        const floor = index === 0 ? 1 : Math.min(1, largest / scale);
        expect(relativeError(found, expected[index]!) * floor, `${index}`).toBeLessThan(tolerance);
      }
    });

    it.each(differentiableOps)('$name: as finite differences', (op) => {
      const inputs = inputsOf(op);
      const evaluate = (values: readonly Values[]) =>
        runOn(backend, () => objective(op.apply, toTensors(values)))[0]!.data[0]!;
      const gradients = runOn(backend, () =>
        grads((...all: Tensor[]) => objective(op.apply, all))(toTensors(inputs)),
      );
      for (const [input, { data }] of inputs.entries()) {
        for (let position = 0; position < data.length; position += Math.ceil(data.length / 12)) {
          const [below, here, above] = [-width, 0, width].map((by) =>
            evaluate(moved(inputs, input, position, by)),
          );
          // A kink within reach: the two sides differ, and no difference says which is right.
          if (op.kinks === true && Math.abs(above! - 2 * here! + below!) > 1e-4) continue;
          expect(gradients[input]!.data[position]!).toBeCloseTo((above! - below!) / (2 * width), 2);
        }
      }
    });

    it.each(differentiableOps)('$name: a second derivative is right or refused', (op) => {
      const inputs = inputsOf(op);
      const first = (tensors: readonly Tensor[]) => {
        const found = grads((...all: Tensor[]) => objective(op.apply, all))([...tensors]);
        return found
          .map((gradient, index) => sum(mul(gradient, fill(gradient.shape, 70 + index))))
          .reduce((a, b) => add(a, b)) as Scalar;
      };
      const evaluate = (values: readonly Values[]) =>
        runOn(backend, () => first(toTensors(values)))[0]!.data[0]!;
      let second: Values[];
      try {
        second = runOn(backend, () => grads((...all: Tensor[]) => first(all))(toTensors(inputs)));
      } catch (error) {
        expect(String(error)).toMatch(
          /no second derivative|gradient function not found|Cannot compute gradient/,
        );
        return;
      }
      for (const [input, { data }] of inputs.entries()) {
        for (let position = 0; position < data.length; position += Math.ceil(data.length / 5)) {
          const [below, above] = [-width, width].map((by) => evaluate(moved(inputs, input, position, by)));
          expect(second[input]!.data[position]!).toBeCloseTo((above! - below!) / (2 * width), 1);
        }
      }
    });
  });
}

const width = 1e-2;

function moved(inputs: readonly Values[], input: number, position: number, by: number): Values[] {
  return inputs.map(({ shape, data }, index) => {
    const copy = data.slice();
    if (index === input) copy[position]! += by;
    return { shape, data: copy };
  });
}
