import util from 'node:util';
import { setBackend } from '@tensorflow/tfjs-core';
import { registerNativeOps } from '../kernels/tensorflow.js';
import { registerGather } from '../kernels/tensorflow-gather.js';
import { addonPackage } from './addon.js';
import { checkPrecision, prepareDevice } from './device.js';
import type { EngineOptions } from './options.js';
import { requireFromRoot } from './resolve.js';
import { tensorFlow } from './tensorflow-backend.js';

/**
 * Starts TensorFlow through tfjs-node and returns its version and device; throws what loading its addon throws.
 */
export async function startTensorFlow(options: EngineOptions): Promise<string> {
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
  return `libtensorflow ${binding.TF_Version}, ${isUsingGpuDevice ? 'GPU' : 'CPU'}`;
}
