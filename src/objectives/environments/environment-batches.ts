import { gather, reshape, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { drawPrefix } from '../../engine/resident.js';

/** The batch of every environment: its block of rows of everything that is not drawn. */
export function environmentBatches(batch: TensorMap, environments: number): TensorMap[] {
  return Array.from({ length: environments }, (_, environment) =>
    mapRows(batch, (rows) => {
      const examples = rows.shape[0]! / environments;
      const [, ...rest] = rows.shape;
      return slice(rows, [environment * examples, ...rest.map(() => 0)], [examples, ...rest]);
    }),
  );
}

/** The batch of one environment: that at place `place` of an order of environments, int32 `[environments]`. */
export function environmentAt(
  batch: TensorMap,
  environments: number,
  order: Tensor,
  place: number,
): TensorMap {
  const chosen = slice(order, [place], [1]);
  return mapRows(batch, (rows) => {
    const [all, ...rest] = rows.shape as [number, ...number[]];
    return reshape(gather(reshape(rows, [environments, -1]), chosen), [all / environments, ...rest]);
  });
}

function mapRows(batch: TensorMap, map: (rows: Tensor) => Tensor): TensorMap {
  const rows = Object.entries(batch).filter(([name]) => !name.startsWith(drawPrefix));
  return Object.fromEntries(rows.map(([name, tensor]) => [name, map(tensor)]));
}
