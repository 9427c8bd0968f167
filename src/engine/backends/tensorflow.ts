import util from 'node:util';
import { setBackend } from '@tensorflow/tfjs-core';
import { registerNativeOps } from '../kernels/tensorflow.js';
import { registerGather } from '../kernels/tensorflow-gather.js';
import { registerProcessorOps } from '../kernels/tensorflow-processor.js';
import { addonPackage, findOpsProblem } from './addon.js';
import { checkPrecision, prepareDevice } from './device.js';
import type { EngineOptions } from './options.js';
import { requireFromRoot } from './resolve.js';
import { tensorFlow } from './tensorflow-backend.js';

/**
 * Starts TensorFlow through tfjs-node; returns its version and device, and what else there is to say. Throws what
 * loading its addon throws.
 */
export async function startTensorFlow(
  options: EngineOptions,
): Promise<{ readonly library: string; readonly notes: readonly string[] }> {
  const { threads, sideBySide = false } = options;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  prepareDevice(options);
  if (threads !== 'auto') {
    // Read once, when the library loads.
    process.env.TF_NUM_INTRAOP_THREADS = String(sideBySide ? 1 : threads);
    process.env.TF_NUM_INTEROP_THREADS = String(sideBySide ? threads : 1);
  }
  // tfjs-node calls these two, which Node 23 removed.
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  requireFromRoot()(addonPackage);
  if (!(await setBackend('tensorflow'))) throw new Error('the tensorflow backend does not start');
  checkPrecision(options);
  registerNativeOps(tensorFlow());
  registerGather();
  const { binding, isUsingGpuDevice } = tensorFlow();
  const problem = isUsingGpuDevice ? undefined : findOpsProblem(binding.heldoutOpsProblem);
  if (!isUsingGpuDevice && problem === undefined) registerProcessorOps(tensorFlow());
  return {
    library: `libtensorflow ${binding.TF_Version}, ${isUsingGpuDevice ? 'GPU' : 'CPU'}`,
    notes: problem === undefined ? [] : [`Heldout's own ops are not in use: ${problem}`],
  };
}
