import { add, broadcastTo, concat, reshape, type Tensor, transpose } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { dense, denseParameters } from '../../layers/dense.js';
import type { Initializer, ParameterSpec } from '../../model.js';

export interface PatchOptions {
  /** Height, width and channels of the images. */
  readonly image: readonly [number, number, number];
  /** Pixels along each side of a patch; divides the sides of the images. */
  readonly patch: number;
  readonly width: number;
  /** CLS tokens, from which predictions are read. */
  readonly classTokens: number;
  /** Whether patches have learned positions added to them. */
  readonly positions: boolean;
}

const standardNormal: Initializer = { kind: 'normal', deviation: 1 };

/** Rows and columns of patches. */
export function gridOf({
  image: [height, width],
  patch,
}: Pick<PatchOptions, 'image' | 'patch'>): readonly [number, number] {
  return [height / patch, width / patch];
}

/** `<name>/embedding`, `<name>/class` `[classTokens, width]`, and `<name>/positions` `[patches, width]` if wanted. */
export function patchParameters(
  name: string,
  options: PatchOptions,
): Readonly<Record<string, ParameterSpec>> {
  const { image, patch, width, classTokens, positions } = options;
  const [rows, columns] = gridOf(options);
  return {
    ...denseParameters(`${name}/embedding`, patch * patch * image[2], width),
    [`${name}/class`]: { shape: [classTokens, width], initializer: standardNormal, decayed: false },
    ...(positions && {
      [`${name}/positions`]: { shape: [rows * columns, width], initializer: standardNormal, decayed: false },
    }),
  };
}

/** Images `[batch, height, width, channels]` to CLS tokens and then patches, `[batch, tokens, width]`. */
export function embedPatches(
  parameters: TensorMap,
  name: string,
  images: Tensor,
  options: PatchOptions,
): Tensor {
  const { image, patch, width, classTokens } = options;
  const [rows, columns] = gridOf(options);
  const batch = images.shape[0]!;
  const bands = reshape(images, [batch * rows, patch, columns, patch * image[2]]);
  const patches = reshape(transpose(bands, [0, 2, 1, 3]), [batch, rows * columns, -1]);
  const seen = dense(parameters, `${name}/embedding`, patches, 'linear');
  const positions = parameters[`${name}/positions`];
  const placed = positions === undefined ? seen : add(seen, positions);
  return concat([broadcastTo(parameters[`${name}/class`]!, [batch, classTokens, width]), placed], 1);
}
