import { reshape, scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import type { Initializer, ParameterSpec } from '../model.js';
import {
  type LineOptions,
  lineParameters,
  linePositions,
  runLastLine,
  runLine,
} from './layers/line-of-code.js';
import {
  inferTypes,
  keepUnmatched,
  type MatchingOptions,
  matchTypes,
  typeParameters,
} from './layers/types.js';

export interface InterpreterOptions extends LineOptions {
  readonly functions: number;
  /** Lines of code in a function. */
  readonly lines: number;
  /** How often a script applies its functions. */
  readonly iterations: number;
  readonly typeWidth: number;
  readonly matching: MatchingOptions;
  /** Whether signatures are trained, or stay as they were drawn. */
  readonly trainSignatures: boolean;
}

const standardNormal: Initializer = { kind: 'normal', deviation: 1 };

/** Tables with a row for each function: all that is a function's own. */
export const functionTables = ['codes', 'signatures'] as const;

/** `<name>/functions/{codes,signatures}`, `<name>/types` and `<name>/line1` .. of one function interpreter. */
export function interpreterParameters(
  name: string,
  options: InterpreterOptions,
): Readonly<Record<string, ParameterSpec>> {
  const { functions, codes, typeWidth, width, matching, trainSignatures } = options;
  return {
    [`${name}/functions/codes`]: { shape: [functions, codes], initializer: standardNormal, decayed: false },
    [`${name}/functions/signatures`]: {
      shape: [functions, typeWidth],
      initializer: standardNormal,
      decayed: false,
      trained: trainSignatures,
    },
    ...typeParameters(`${name}/types`, { width, typeWidth, learnBandwidth: matching.learnBandwidth }),
    ...Object.assign({}, ...lineNames(name, options).map((line) => lineParameters(line, options))),
  };
}

function lineNames(name: string, { lines }: Pick<InterpreterOptions, 'lines'>): string[] {
  return Array.from({ length: lines }, (_, line) => `${name}/line${line + 1}`);
}

export interface Interpretation {
  /** `[batch, tokens, width]`. */
  readonly tokens: Tensor;
  /** C of each iteration, `[batch · tokens, functions]`. */
  readonly shares: readonly Tensor[];
}

/**
 * A script: one function interpreter, applied to tokens `[batch, tokens, width]` again and again. Each time the types of
 * the tokens say which functions work on them, and by how much; what these have made of a token is added up by the
 * same shares. A token that no function gets passes as it is.
 */
export function interpret(
  parameters: TensorMap,
  name: string,
  tokens: Tensor,
  options: InterpreterOptions,
): Interpretation {
  const { heads, iterations, matching } = options;
  const codes = parameters[`${name}/functions/codes`]!;
  const signatures = parameters[`${name}/functions/signatures`]!;
  const bandwidth = parameters[`${name}/types/bandwidth`] ?? scalar(1);
  const lines = lineNames(name, options);
  const positions = lines.map((line) => linePositions(parameters, line, codes, options));
  const [batch, length, width] = tokens.shape as [number, number, number];
  const found: Tensor[] = [];
  let current = tokens;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const rows = reshape(current, [batch * length, width]);
    const types = inferTypes(parameters, `${name}/types`, rows);
    const { shares, unmatched } = matchTypes(types, signatures, bandwidth, matching);
    let streams = current;
    for (const [at, line] of lines.slice(0, -1).entries()) {
      streams = runLine(parameters, line, {
        tokens: streams,
        codes,
        shares,
        heads,
        positions: positions[at],
      });
    }
    const last = { tokens: streams, codes, shares, heads, positions: positions.at(-1) };
    const merged = runLastLine(parameters, lines.at(-1)!, last);
    current = reshape(keepUnmatched(merged, rows, unmatched), [batch, length, width]);
    found.push(shares);
  }
  return { tokens: current, shares: found };
}
