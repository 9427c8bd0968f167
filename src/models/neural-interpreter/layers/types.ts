import {
  add,
  cast,
  div,
  exp,
  less,
  max,
  mul,
  neg,
  sub,
  sum,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { withGradient } from '../../../engine/ops/support/with-gradient.js';
import { dense, denseParameters } from '../../layers/dense.js';
import { layerNorm, normParameters } from '../../layers/layer-norm.js';
import type { ParameterSpec } from '../../model.js';
import { distances } from '../../nac/links/links.js';

export interface MatchingOptions {
  /** τ: the cosine distance of a token's type from a signature at which the function does not get the token. */
  readonly truncation: number;
  /** Whether the gradient of matching passes the truncation. */
  readonly straightThrough: boolean;
  /** Whether σ is learned, from 1 on; else it stays 1. */
  readonly learnBandwidth: boolean;
}

/** `<name>/norm`, `/hidden`, `/out`, and the scalar `/bandwidth` if it is learned. */
export function typeParameters(
  name: string,
  { width, typeWidth, learnBandwidth }: { width: number; typeWidth: number; learnBandwidth: boolean },
): Readonly<Record<string, ParameterSpec>> {
  return {
    ...normParameters(`${name}/norm`, width),
    ...denseParameters(`${name}/hidden`, width, width),
    ...denseParameters(`${name}/out`, width, typeWidth),
    ...(learnBandwidth && {
      [`${name}/bandwidth`]: { shape: [], initializer: { kind: 'constant', value: 1 } },
    }),
  };
}

/** Types of tokens: `[rows, width]` to `[rows, typeWidth]`. */
export function inferTypes(parameters: TensorMap, name: string, tokens: Tensor): Tensor {
  const normal = layerNorm(parameters, `${name}/norm`, tokens);
  return dense(parameters, `${name}/out`, dense(parameters, `${name}/hidden`, normal, 'gelu'), 'linear');
}

export interface Matches {
  /** C, `[rows, functions]`: how much of a token each function gets. They sum to 1, or are all zero. */
  readonly shares: Tensor;
  /** `[rows, 1]`: 1 for tokens that no function gets, 0 for all others. It has no gradient: `keepUnmatched` takes none. */
  readonly unmatched: Tensor;
}

const epsilon = 1e-6;

/**
 * Which functions get a token: C̃ = exp(−d/σ) where the distance d = 1 − cos of its type and a signature is below τ,
 * else 0, and C = C̃ / (1e-6 + the sum of C̃ over the functions). Nothing is ever infinite.
 */
export function matchTypes(
  types: Tensor,
  signatures: Tensor,
  bandwidth: Tensor,
  { truncation, straightThrough }: Pick<MatchingOptions, 'truncation' | 'straightThrough'>,
): Matches {
  const distance = distances(types, signatures);
  const near = less(distance, truncation);
  const matched = max(cast(near, 'float32'), -1, true);
  const passes = straightThrough ? matched : cast(near, 'float32');
  const affinity = truncate(exp(neg(div(distance, bandwidth))), near, passes);
  return {
    shares: div(affinity, add(sum(affinity, -1, true), epsilon)),
    unmatched: sub(1, matched),
  };
}

/**
 * Zero where `near` is false. The gradient takes no notice of that as far as `passes` says: straight through, except for
 * tokens that nobody gets, whose shares have a slope of 1e6.
 */
function truncate(affinity: Tensor, near: Tensor, passes: Tensor): Tensor {
  return withGradient(
    'type matching',
    [affinity],
    () => ({ value: where(near, affinity, zerosLike(affinity)), saved: [passes] }),
    (dy, passed) => [mul(dy, passed!)],
  );
}

/** The results of tokens that some function got, and the others as they were. No gradient of `unmatched`. */
export function keepUnmatched(results: Tensor, tokens: Tensor, unmatched: Tensor): Tensor {
  return withGradient(
    'unmatched tokens',
    [results, tokens],
    () => ({ value: add(results, mul(tokens, unmatched)), saved: [unmatched] }),
    (dy, kept) => [dy, mul(dy, kept!)],
  );
}
