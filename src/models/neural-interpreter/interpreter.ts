import { concat, reshape, scalar, type Tensor } from '@tensorflow/tfjs-core';
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
  /** Further functions, added after training: their tables are parameters of their own. */
  readonly added?: number;
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

/** The tables of functions that were trained from the start, and of those added later; none where there are none. */
export const tableNames = ['functions', 'added'] as const;
/** Tables with a row for each function: all that is a function's own. */
export const tableParts = ['codes', 'signatures'] as const;

/** `<name>/{functions,added}/{codes,signatures}`, `<name>/types` and `<name>/line1` .. of one function interpreter. */
export function interpreterParameters(
  name: string,
  options: InterpreterOptions,
): Readonly<Record<string, ParameterSpec>> {
  const { functions, added = 0, codes, typeWidth, width, matching, trainSignatures } = options;
  const table = (rows: number, columns: number, trained: boolean): ParameterSpec => ({
    shape: [rows, columns],
    initializer: standardNormal,
    decayed: false,
    trained,
  });
  const tables = { functions, added };
  return {
    ...Object.assign(
      {},
      ...tableNames
        .filter((one) => tables[one] > 0)
        .map((one) => ({
          [`${name}/${one}/codes`]: table(tables[one], codes, true),
          [`${name}/${one}/signatures`]: table(tables[one], typeWidth, trainSignatures),
        })),
    ),
    ...typeParameters(`${name}/types`, { width, typeWidth, learnBandwidth: matching.learnBandwidth }),
    ...Object.assign({}, ...lineNames(name, options).map((line) => lineParameters(line, options))),
  };
}

function lineNames(name: string, { lines }: Pick<InterpreterOptions, 'lines'>): string[] {
  return Array.from({ length: lines }, (_, line) => `${name}/line${line + 1}`);
}

/** The rows of all functions, those added last. */
function readTable(parameters: TensorMap, name: string, part: (typeof tableParts)[number]): Tensor {
  const tables = tableNames
    .map((one) => parameters[`${name}/${one}/${part}`])
    .filter((one) => one !== undefined);
  return tables.length === 1 ? tables[0]! : concat(tables, 0);
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
  const [codes, signatures] = tableParts.map((part) => readTable(parameters, name, part)) as [Tensor, Tensor];
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
