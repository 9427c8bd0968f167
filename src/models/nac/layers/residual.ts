import { mul, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { dropPath } from '../../../engine/ops/drop-path.js';
import type { ParameterSpec } from '../../model.js';

/** How a residual branch of a step is thinned out. */
export interface Branch {
  /** Share of examples that lose it. */
  readonly dropPath: number;
  /** Key of the step's draws; absent in evaluation. */
  readonly random: Tensor | undefined;
  /** Names its draw. */
  readonly salt: number;
}

/** `<name>/layer-scale` `[width]`, what a branch is multiplied by per channel; none where it starts at null. */
export function layerScaleParameters(
  name: string,
  width: number,
  start: number | null,
): Readonly<Record<string, ParameterSpec>> {
  if (start === null) return {};
  return { [`${name}/layer-scale`]: { shape: [width], initializer: { kind: 'constant', value: start } } };
}

/** A branch as it is added to the states: scaled per channel (Touvron et al., 2021), and dropped for some examples. */
export function finishBranch(
  parameters: TensorMap,
  name: string,
  branch: Tensor,
  { dropPath: rate, random, salt }: Branch,
): Tensor {
  const scale = parameters[`${name}/layer-scale`];
  return dropPath(scale === undefined ? branch : mul(branch, scale), { rate, key: random, salt });
}
