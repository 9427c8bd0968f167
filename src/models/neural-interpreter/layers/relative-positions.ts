import {
  add,
  broadcastTo,
  concat,
  matMul,
  reshape,
  type Tensor,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import type { Initializer, ParameterSpec } from '../../model.js';

export interface PositionOptions {
  /** Rows and columns of patches. */
  readonly grid: readonly [number, number];
  /** Tokens before the patches, which have no place. */
  readonly others: number;
  readonly heads: number;
}

const start: Initializer = { kind: 'normal', deviation: 0.02 };
const axes = ['rows', 'columns'] as const;

/**
 * `<name>/{rows,columns}/table` `[heads, offsets]`, a bias for every offset between two patches, and `/code/kernel`
 * `[codes, heads · offsets]`, by which the code of a function changes it.
 */
export function positionParameters(
  name: string,
  { grid, heads, codes }: PositionOptions & { readonly codes: number },
): Readonly<Record<string, ParameterSpec>> {
  return Object.assign(
    {},
    ...axes.map((axis, at) => {
      const offsets = 2 * grid[at]! - 1;
      return {
        [`${name}/${axis}/table`]: { shape: [heads, offsets], initializer: start },
        [`${name}/${axis}/code/kernel`]: { shape: [codes, heads * offsets], initializer: start },
      };
    }),
  );
}

/** What makes a bias part of the products of queries and keys. */
export interface PositionFeatures {
  /** `[tokens, functions · heads, rows + columns]`, appended to queries. */
  readonly queries: Tensor;
  /** `[tokens, 1, rows + columns]`, appended to keys. */
  readonly keys: Tensor;
}

/**
 * The bias of relative positions, one per function and head, as features of queries and keys. A bias that is a sum of one
 * for the offset of rows and one for that of columns is a product: a key says in which row and column it is, and a
 * query holds the biases of every row and column as seen from its own. So there is no array of queries times keys to
 * be added to the scores, nor to be summed over the batch for its gradient.
 */
export function positionFeatures(
  parameters: TensorMap,
  name: string,
  codes: Tensor,
  { grid, others, heads }: PositionOptions,
): PositionFeatures {
  const functions = codes.shape[0]!;
  const tokens = others + grid[0] * grid[1];
  const placed = axes.map((axis, at) => {
    const length = grid[at]!;
    const place = (token: number) =>
      token < others ? -1 : at === 0 ? Math.floor((token - others) / grid[1]) : (token - others) % grid[1];
    const places = indicator(tokens, length, (token) => place(token));
    const change = linear(codes, parameters[`${name}/${axis}/code/kernel`]!, undefined);
    const table = add(reshape(change, [functions, heads, -1]), parameters[`${name}/${axis}/table`]!);
    const flat = reshape(table, [functions * heads, -1]);
    const seen = matMul(flat, offsetsBetween(length));
    const fromEach = transpose(reshape(seen, [functions * heads, length, length]), [1, 0, 2]);
    const queries = matMul(places, reshape(fromEach, [length, functions * heads * length]));
    return { keys: places, queries: reshape(queries, [tokens, functions * heads, length]) };
  });
  return {
    queries: concat(
      placed.map(({ queries }) => queries),
      2,
    ),
    keys: reshape(
      concat(
        placed.map(({ keys }) => keys),
        1,
      ),
      [tokens, 1, -1],
    ),
  };
}

/** `[2·length − 1, length · length]`: which offset lies between place i and place j, at column i·length + j. */
function offsetsBetween(length: number): Tensor {
  const pairs = length * length;
  return transpose(
    indicator(pairs, 2 * length - 1, (pair) => (pair % length) - Math.floor(pair / length) + length - 1),
  );
}

/** `[rows, width]`, one at the place of each row and else zero; negative places are nowhere. */
function indicator(rows: number, width: number, place: (row: number) => number): Tensor {
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) if (place(row) >= 0) values[row * width + place(row)] = 1;
  return tensor(values, [rows, width]);
}

/** `x` `[batch, tokens, parts, width]` with features `[tokens, parts or 1, n]` of every example behind. */
export function appendFeatures(x: Tensor, features: Tensor): Tensor {
  const [batch, tokens, parts] = x.shape as [number, number, number];
  return concat([x, broadcastTo(features, [batch, tokens, parts, features.shape[2]!])], 3);
}
