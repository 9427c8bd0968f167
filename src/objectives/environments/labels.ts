import { cast, oneHot, reshape, type Tensor, type Tensor1D, tensor1d } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import type { EnvironmentHead } from './risks.js';

/** Classes of a head. */
export function classCount({ head }: EnvironmentHead): number {
  return head.kind === 'binary' ? 2 : head.width;
}

/** The classes of all rows, one-hot `[rows, classes]`. */
export function classShares(of: EnvironmentHead, batch: TensorMap): Tensor {
  const classes = cast(reshape(batch.target!, [-1]), 'int32') as Tensor1D;
  return cast(oneHot(classes, classCount(of)), 'float32');
}

/** The environment of every row, int32 `[rows]`. */
export function environmentsOf({ environments }: EnvironmentHead, batch: TensorMap): Tensor1D {
  const rows = batch.target!.shape[0]!;
  const examples = rows / environments;
  return tensor1d(
    Int32Array.from({ length: rows }, (_, row) => Math.floor(row / examples)),
    'int32',
  );
}

/** The same, one-hot `[rows, environments]`. */
export function environmentShares(of: EnvironmentHead, batch: TensorMap): Tensor {
  return cast(oneHot(environmentsOf(of, batch), of.environments), 'float32');
}
