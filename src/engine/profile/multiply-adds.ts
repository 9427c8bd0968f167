import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { CallLog } from './calls.js';
import { flopsOf } from './flops.js';
import { watchOps } from './watch.js';

/**
 * Multiplications, each with an addition, in the products and convolutions that `compute` runs on the backend in use, as
 * they are run: a convolution that a mask makes depthwise is a full one. A product with constants counts as the sum that
 * it is. What is elementwise is left out.
 * @param given What is not constant: parameters and inputs.
 */
export function countMultiplyAdds(given: readonly Tensor[], compute: () => void): number {
  const log = new CallLog();
  const varies = new Set(given.map((tensor) => log.idOf(tensor)));
  const restore = watchOps(() => log);
  try {
    tidy(compute);
  } finally {
    restore();
  }
  let flops = 0;
  for (const call of log.calls) {
    const inputs = call.inputs.map(({ id }) => varies.has(id));
    if (inputs.slice(0, 2).every((one) => one)) flops += flopsOf(call);
    if (inputs.some((one) => one)) for (const { id } of call.outputs) varies.add(id);
  }
  return flops / 2;
}
