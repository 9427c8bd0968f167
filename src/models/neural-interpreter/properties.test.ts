import { grads, mul, type Scalar, sum, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../../engine/arrays.js';
import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import { fill, relativeError, runOn, startBoth } from '../../engine/testing/backends.js';
import { type InterpreterOptions, interpret } from './interpreter.js';
import { transformPlainly } from './testing/plain-transformer.js';
import {
  runInterpreter,
  smallOptions,
  smallParameters,
  smallTokenCount,
  smallTokens,
} from './testing/small-interpreter.js';

beforeAll(startBoth);

const codes = 'script/functions/codes';
const signatures = 'script/functions/signatures';
const once = { ...smallOptions, iterations: 1 };

/** Parameters of which some have other rows. */
function withRows(
  parameters: NamedArrays,
  names: readonly string[],
  pick: (rows: number[][]) => number[][],
): NamedArrays {
  const changed = names.map((name) => {
    const { shape, data } = parameters[name]!;
    const rows = Array.from({ length: shape[0]! }, (_, row) => [
      ...data.slice(row * shape[1]!, (row + 1) * shape[1]!),
    ]);
    const next = pick(rows);
    return [name, { shape: [next.length, shape[1]!], data: Float32Array.from(next.flat()) }] as const;
  });
  return { ...parameters, ...Object.fromEntries(changed) };
}

/** Types of all tokens are the same: the bias of the last layer. */
function withOneType(parameters: NamedArrays, type: readonly number[]): NamedArrays {
  const { shape, data } = parameters['script/types/out/kernel']!;
  return {
    ...parameters,
    'script/types/out/kernel': { shape, data: new Float32Array(data.length) },
    'script/types/out/bias': { shape: [type.length], data: Float32Array.from(type) },
  };
}

/** A matching under which some tokens of the first example are nobody's, and others somebody's. */
function partlyMatched(): {
  options: InterpreterOptions;
  parameters: NamedArrays;
  unmatched: number[];
  matched: number[];
} {
  for (const truncation of [0.5, 0.4, 0.3, 0.2, 0.15, 0.1]) {
    const options = { ...once, functions: 2, matching: { ...once.matching, truncation } };
    const parameters = smallParameters(options);
    const { data } = runInterpreter(parameters, options).shares;
    const tokens = Array.from({ length: smallTokenCount }, (_, token) => token);
    const isFree = (token: number) => data[2 * token] === 0 && data[2 * token + 1] === 0;
    const [unmatched, matched] = [tokens.filter(isFree), tokens.filter((token) => !isFree(token))];
    if (unmatched.length > 1 && matched.length > 1) return { options, parameters, unmatched, matched };
  }
  throw new Error('no truncation divides the tokens');
}

describe('an interpreter', () => {
  it('is a transformer with modulated layers where its one function gets every token', () => {
    const options = { ...smallOptions, functions: 1, matching: { ...smallOptions.matching, truncation: 2 } };
    const parameters = smallParameters(options);
    const [plain] = runOn('wasm', () => {
      const tensors = toTensors({ ...parameters, tokens: smallTokens() });
      return transformPlainly(tensors, 'script', tensors.tokens!, options);
    });
    expect(relativeError(runInterpreter(parameters, options).tokens, plain!)).toBeLessThan(2e-5);
  });

  it('does not depend on the order of its functions', () => {
    const parameters = smallParameters();
    const permuted = withRows(parameters, [codes, signatures], ([a, b, c]) => [c!, a!, b!]);
    expect(relativeError(runInterpreter(permuted).tokens, runInterpreter(parameters).tokens)).toBeLessThan(
      2e-6,
    );
  });

  it('leaves a token as it is, to the bit, that no function gets', () => {
    const { options, parameters, unmatched, matched } = partlyMatched();
    const { data } = runInterpreter(parameters, options).tokens;
    const before = smallTokens().data;
    const row = (values: ArrayLike<number>, token: number) =>
      Array.from({ length: 8 }, (_, at) => values[token * 8 + at]!);
    expect(data.every(Number.isFinite)).toBe(true);
    for (const token of unmatched) expect(row(data, token)).toEqual(row(before, token));
    for (const token of matched) expect(row(data, token)).not.toEqual(row(before, token));
  });

  it('is nothing at all where no token is near a signature', () => {
    const far = withOneType(
      withRows(smallParameters(), [signatures], (rows) => rows.map(() => [1, 0, 0, 0])),
      [-1, 0, 0, 0],
    );
    expect(runInterpreter(far).tokens.data).toEqual(smallTokens().data);
  });

  it('has the numbers that it had when a function is removed that got no token', () => {
    // The last function is opposite to the type of all tokens.
    const parameters = withOneType(
      withRows(smallParameters(), [signatures], () => [
        [1, 0.2, 0, 0],
        [1, 0, -0.5, 0.1],
        [-1, 0, 0, 0],
      ]),
      [1, 0, 0, 0],
    );
    const removed = withRows(parameters, [codes, signatures], (rows) => rows.slice(0, 2));
    const less = runInterpreter(removed, { ...smallOptions, functions: 2 });
    const found = runInterpreter(parameters);
    expect(relativeError(less.tokens, found.tokens)).toBeLessThan(2e-6);
    expect([0, 1, 2].map((at) => found.shares.data[at] === 0)).toEqual([false, false, true]);
  });
});

describe('the gradient of an interpreter', () => {
  const weights = () => fill([2, smallTokenCount, 8], 11);
  const names = [
    'script/functions/codes',
    'script/functions/signatures',
    'script/types/bandwidth',
    'script/types/hidden/kernel',
    'script/line1/attention/query/kernel',
    'script/line1/attention/value/code/kernel',
    'script/line1/attention/out/kernel',
    'script/line1/attention/positions/rows/table',
    'script/line1/attention/positions/columns/code/kernel',
    'script/line1/feed-forward/out/bias',
    'script/line2/attention/key/kernel',
  ];
  const options = { ...smallOptions, lines: 2, matching: { ...smallOptions.matching, truncation: 1.9 } };
  const loss = (given: Readonly<Record<string, Tensor>>, tokens: Tensor, how: InterpreterOptions = options) =>
    sum(mul(interpret(given, 'script', tokens, how).tokens, weights())) as Scalar;

  it('is that of finite differences', () => {
    const parameters = smallParameters(options);
    const slopes = runOn('wasm', () => {
      const all = toTensors({ ...parameters, tokens: smallTokens() });
      const compute = (...values: Tensor[]) =>
        loss({ ...all, ...Object.fromEntries(names.map((name, at) => [name, values[at]!])) }, all.tokens!);
      return grads(compute as never)(names.map((name) => all[name]!));
    });
    const evaluate = (name: string, place: number, by: number) => {
      const { shape, data } = parameters[name]!;
      const moved: NamedArray = { shape, data: data.map((value, at) => value + (at === place ? by : 0)) };
      return runOn('cpu', () => {
        const all = toTensors({ ...parameters, [name]: moved, tokens: smallTokens() });
        return loss(all, all.tokens!);
      })[0]!.data[0]!;
    };
    for (const [at, name] of names.entries()) {
      const { data } = slopes[at]!;
      const steepest = data.reduce(
        (best, value, place) => (Math.abs(value) > Math.abs(data[best]!) ? place : best),
        0,
      );
      const difference = (evaluate(name, steepest, 1e-2) - evaluate(name, steepest, -1e-2)) / 2e-2;
      expect(Math.abs(data[steepest]! / difference - 1), name).toBeLessThan(2e-2);
    }
  });

  it.each([true, false])(
    'does not reach tokens that no function gets, straight through: %s',
    (straightThrough) => {
      const { options: partly, parameters, unmatched, matched } = partlyMatched();
      const how = { ...partly, matching: { ...partly.matching, straightThrough } };
      const [slopes, typeSlopes] = runOn('wasm', () => {
        const all = toTensors({ ...parameters, tokens: smallTokens(1) });
        // Of what becomes of the tokens that some function gets.
        const chosen = mul(fill([1, smallTokenCount, 8], 5), columnOf(matched));
        const compute = (tokens: Tensor) =>
          sum(mul(interpret(all, 'script', tokens, how).tokens, chosen)) as Scalar;
        const others = mul(fill([1, smallTokenCount, 8], 5), columnOf(unmatched));
        const ofTypes = (kernel: Tensor) =>
          sum(
            mul(
              interpret({ ...all, 'script/types/hidden/kernel': kernel }, 'script', all.tokens!, how).tokens,
              others,
            ),
          ) as Scalar;
        return [
          ...grads(compute as never)([all.tokens!]),
          ...grads(ofTypes as never)([all['script/types/hidden/kernel']!]),
        ];
      });
      const largest = (token: number) =>
        Math.max(...[...slopes!.data.slice(token * 8, (token + 1) * 8)].map(Math.abs));
      // Only the 1e-6 in what weights are divided by knows of them.
      for (const token of unmatched) expect(largest(token)).toBeLessThan(2e-5);
      for (const token of matched) expect(largest(token)).toBeGreaterThan(1e-2);
      expect([...typeSlopes!.data].every((value) => value === 0)).toBe(true);
    },
  );

  it('goes straight through the truncation where it is told to', () => {
    // One function gets all tokens, the other is just too far.
    const parameters = withOneType(
      withRows(smallParameters({ ...once, functions: 2 }), [signatures], () => [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
      ]),
      [1, 0, 0, 0],
    );
    const slopeOf = (straightThrough: boolean) => {
      const how = { ...once, functions: 2, matching: { ...once.matching, truncation: 0.9, straightThrough } };
      const [slope] = runOn('wasm', () => {
        const all = toTensors({ ...parameters, tokens: smallTokens() });
        return grads(((given: Tensor) => loss({ ...all, [signatures]: given }, all.tokens!, how)) as never)([
          all[signatures]!,
        ]);
      });
      return Math.max(...[...slope!.data.slice(4)].map(Math.abs));
    };
    expect(slopeOf(false)).toBe(0);
    expect(slopeOf(true)).toBeGreaterThan(1e-3);
  });
});

/** `[1, tokens, 1]`, one for the tokens that are named. */
function columnOf(tokens: readonly number[]): Tensor {
  const values = Float32Array.from({ length: smallTokenCount }, (_, token) =>
    tokens.includes(token) ? 1 : 0,
  );
  return toTensors({ column: { shape: [1, smallTokenCount, 1], data: values } }).column!;
}
