import { fill, matMul, memory, relu, reshape, sum, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import { measureCost } from './cost.js';
import { checkCosts } from './testing/check-costs.js';

beforeAll(async () => {
  await startEngine({ backend: 'wasm', threads: 1 });
});

describe('multiply-adds of one example', checkCosts);

it('are none of sums, of what is elementwise, and of what parameters alone decide', () => {
  const constant = { kind: 'constant', value: 1 } as const;
  const before = memory().numTensors;
  const cost = measureCost(
    {
      parameters: {
        kernel: { shape: [6, 4], initializer: constant },
        gain: { shape: [4], initializer: constant },
      },
      apply({ kernel, gain }, { x }) {
        const own = matMul(kernel!, kernel!, true, false);
        const rows = relu(matMul(x!, kernel!));
        const added = matMul(fill([1, rows.shape[0]!], 1), rows);
        return {
          prediction: sum(
            matMul(reshape(rows, [-1, 4]), own)
              .add(added)
              .mul(gain as Tensor),
          ),
        };
      },
    },
    { inputs: { x: [6] } },
  );
  expect(cost).toEqual({ parameters: 28, multiplyAdds: 6 * 4 + 4 * 4 });
  expect(memory().numTensors).toBe(before);
});
