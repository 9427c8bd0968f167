import { sizeOf } from '../../../core/numbers/shape.js';
import { toTensors } from '../../../engine/arrays.js';
import type { NamedArray, NamedArrays } from '../../../engine/engine.js';
import { type BackendName, randomValues, runOn, type Values } from '../../../engine/testing/backends.js';
import { type InterpreterOptions, interpret, interpreterParameters } from '../interpreter.js';

export const smallOptions: InterpreterOptions = {
  width: 8,
  codes: 6,
  typeWidth: 4,
  functions: 3,
  lines: 1,
  iterations: 2,
  heads: 2,
  headWidth: 4,
  expansion: 1.5,
  positions: { grid: [2, 3], others: 1 },
  matching: { truncation: 1.1, straightThrough: false, learnBandwidth: true },
  trainSignatures: true,
};

/** Tokens of an example: a CLS token and 2 x 3 patches. */
export const smallTokenCount = 7;

/** Random values of every parameter, scales and the bandwidth around 1. */
export function smallParameters(options: InterpreterOptions = smallOptions, seed = 1): NamedArrays {
  return Object.fromEntries(
    Object.entries(interpreterParameters('script', options)).map(([name, { shape }], index) => {
      const centre = name.endsWith('/scale') || name.endsWith('/bandwidth') ? 1 : 0;
      const spread = centre === 1 ? 0.2 : 0.6;
      const values = randomValues(sizeOf(shape), 100 * seed + index);
      return [name, { shape, data: values.map((value) => centre + spread * value) }];
    }),
  );
}

export function smallTokens(batch = 2, seed = 7): NamedArray {
  return { shape: [batch, smallTokenCount, 8], data: randomValues(batch * smallTokenCount * 8, seed) };
}

/** What becomes of tokens, and the shares of the first iteration. */
export function runInterpreter(
  parameters: NamedArrays,
  options: InterpreterOptions = smallOptions,
  backend: BackendName = 'wasm',
  given: NamedArray = smallTokens(),
): { readonly tokens: Values; readonly shares: Values } {
  const [tokens, shares] = runOn(backend, () => {
    const tensors = toTensors({ ...parameters, tokens: given });
    const found = interpret(tensors, 'script', tensors.tokens!, options);
    return [found.tokens, found.shares[0]!];
  });
  return { tokens: tokens!, shares: shares! };
}
