import { clone, engine, type Tensor } from '@tensorflow/tfjs-core';

/** What a function computes, as constants: no gradient is taken through it. */
export function detached<T>(compute: () => T): T {
  const { state } = engine();
  // TensorFlow.js writes no kernel on its tape that runs within another.
  state.kernelDepth++;
  try {
    return compute();
  } finally {
    state.kernelDepth--;
  }
}

/** The same numbers, as constants. */
export function constantOf(values: Tensor): Tensor {
  return detached(() => clone(values));
}
