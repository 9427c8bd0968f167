import { describe, expect, it } from 'vitest';
import { attributeCalls, layerOf } from './attribute.js';
import type { Call, Phase, StepCalls } from './calls.js';
import { flopsOf } from './flops.js';
import { summarise } from './summarise.js';

const tensor = (id: number, shape: readonly number[] = []) => ({ id, shape, dtype: 'float32' });

function call(
  op: string,
  phase: Phase,
  inputs: readonly number[],
  output: number,
  groups: readonly (readonly number[])[] = [],
): Call {
  return {
    op,
    phase,
    inputs: inputs.map((id) => tensor(id)),
    outputs: [tensor(output)],
    groups,
    milliseconds: 1,
  };
}

/** Ids: 1 and 2 the kernels of two layers, 3 a scale, 9 the batch; 31, 32, 33 their gradients. */
function step(...calls: Call[]): StepCalls {
  return {
    calls,
    parameters: new Map([
      [1, 'encoder/conv1/kernel'],
      [2, 'read-out/kernel'],
      [3, 'temperature'],
    ]),
    gradients: new Map([
      [31, 'encoder/conv1/kernel'],
      [32, 'read-out/kernel'],
      [33, 'temperature'],
    ]),
    batch: new Set([9]),
  };
}

describe('the layer of an op', () => {
  it('is the path of its parameter', () => {
    expect(layerOf('encoder/conv1/kernel')).toBe('encoder/conv1');
    expect(layerOf('temperature')).toBe('temperature');
  });

  it('is that of the parameter that it takes', () => {
    const forward = [call('Conv2D', 'forward', [9, 1], 10), call('Relu', 'forward', [10], 11)];
    const more = [call('MatMul', 'forward', [11, 2], 12), call('Mul', 'forward', [12, 3], 13)];
    expect(attributeCalls(step(...forward, ...more))).toEqual([
      'encoder/conv1',
      'between layers',
      'read-out',
      'temperature',
    ]);
  });

  it('is found through what was computed from parameters alone, not through what the batch took part in', () => {
    const reshaped = call('Reshape', 'forward', [1], 10);
    const scaled = call('Mul', 'forward', [10, 77], 11);
    const used = call('Conv2D', 'forward', [9, 11], 12);
    const after = call('Mean', 'forward', [12], 13);
    expect(attributeCalls(step(reshaped, scaled, used, after))).toEqual([
      'encoder/conv1',
      'encoder/conv1',
      'encoder/conv1',
      'between layers',
    ]);
  });

  it('is that of the larger op around it, the innermost that has one', () => {
    const mean = call('Mean', 'forward', [9], 10, [[9], [9, 1]]);
    const inner = call('Mul', 'forward', [10, 2], 11, [
      [10, 2],
      [9, 1],
    ]);
    expect(attributeCalls(step(mean, inner))).toEqual(['encoder/conv1', 'read-out']);
  });

  it('is several where parameters of several take part', () => {
    const penalty = call('AddN', 'forward', [1, 2], 10);
    expect(attributeCalls(step(penalty))).toEqual(['several layers']);
  });

  it('is, in the backward pass, that of the kernel or of the gradients that it serves', () => {
    const loss = call('Mul', 'backward', [20], 21);
    const kernel = call('MatMul', 'backward', [21, 9], 32);
    const input = call('MatMul', 'backward', [21, 2], 22);
    const relu = call('ReluGrad', 'backward', [22, 11], 23);
    const filter = call('Conv2DBackpropFilter', 'backward', [9, 23], 31);
    const unused = call('Sum', 'backward', [23], 24);
    expect(attributeCalls(step(loss, kernel, input, relu, filter, unused))).toEqual([
      'between layers',
      'read-out',
      'read-out',
      'encoder/conv1',
      'encoder/conv1',
      'between layers',
    ]);
  });

  it('is none for what the optimiser does', () => {
    expect(attributeCalls(step(call('Mul', 'update', [1, 31], 40)))).toEqual(['optimiser']);
  });
});

describe('floating-point operations', () => {
  const flops = (op: string, inputs: readonly (readonly number[])[], output: readonly number[]) =>
    flopsOf({ op, inputs: inputs.map((shape) => tensor(0, shape)), outputs: [tensor(1, output)] });

  it('of products, transposed or many at once', () => {
    expect(
      flops(
        'MatMul',
        [
          [3, 5],
          [5, 7],
        ],
        [3, 7],
      ),
    ).toBe(2 * 3 * 5 * 7);
    expect(
      flops(
        'MatMul',
        [
          [5, 3],
          [5, 7],
        ],
        [3, 7],
      ),
    ).toBe(2 * 3 * 5 * 7);
    expect(
      flops(
        'BatchMatMulV2',
        [
          [1, 3, 5],
          [4, 5, 7],
        ],
        [4, 3, 7],
      ),
    ).toBe(2 * 4 * 3 * 5 * 7);
    expect(flops('HeldoutLinear', [[3, 5], [5, 7], [7]], [3, 7])).toBe(2 * 3 * 5 * 7);
  });

  it('of attention with links, of every head', () => {
    const [states, links, weights] = [
      [2, 5, 12],
      [2, 5, 5],
      [2, 3, 5, 5],
    ];
    const outputs = [states!, weights!].map((shape, id) => tensor(id, shape));
    const inputs = [states!, states!, states!, links!].map((shape, id) => tensor(id, shape));
    expect(flopsOf({ op: 'HeldoutLinkedAttention', inputs, outputs })).toBe(2 * 2 * 3 * 5 * 5 * (4 + 4));
  });

  it('of a convolution and its gradients', () => {
    const [x, filter, y] = [
      [2, 8, 8, 3],
      [4, 4, 3, 6],
      [2, 4, 4, 6],
    ] as const;
    const expected = 2 * (2 * 4 * 4 * 6) * (4 * 4 * 3);
    expect(flops('Conv2D', [x, filter], y)).toBe(expected);
    expect(flops('HeldoutConvolution', [x, filter, [6]], y)).toBe(expected);
    expect(flops('Conv2DBackpropInput', [[4], filter, y], x)).toBe(expected);
    expect(flops('Conv2DBackpropInput', [y, filter], x)).toBe(expected);
    expect(flops('Conv2DBackpropFilter', [x, [4], y], filter)).toBe(expected);
    expect(flops('Conv2DBackpropFilter', [x, y], filter)).toBe(expected);
  });

  it('of other ops count for nothing', () => {
    expect(flops('Relu', [[3, 5]], [3, 5])).toBe(0);
  });
});

it('sums ops by name and by layer, with the median of each over the steps', () => {
  const timed = (milliseconds: number) =>
    step(
      { ...call('Conv2D', 'forward', [9, 1], 10), milliseconds },
      { ...call('Relu', 'forward', [10], 11), milliseconds: 2 },
      { ...call('Mul', 'update', [1, 31], 40), milliseconds: 3 },
    );
  const profile = summarise([timed(4), timed(5), timed(90)]);
  expect(profile).toMatchObject({ steps: 3, milliseconds: 10 });
  expect(profile.ops.map(({ op, milliseconds, share }) => [op, milliseconds, share])).toEqual([
    ['Conv2D', 5, 0.5],
    ['Mul', 3, 0.3],
    ['Relu', 2, 0.2],
  ]);
  expect(profile.layers.map(({ layer, forward, milliseconds }) => [layer, forward, milliseconds])).toEqual([
    ['encoder/conv1', 5, 5],
    ['between layers', 2, 2],
    ['optimiser', 0, 3],
  ]);
});
