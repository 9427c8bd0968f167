import { spawnSync } from 'node:child_process';
import type { EngineOptions } from './options.js';
import { refusePrecision } from './precision.js';
import { tensorFlow } from './tensorflow-backend.js';

/**
 * All that differs between a GPU and a CPU. TensorFlow reads these variables once, when it loads; what the user has
 * set stays.
 */
export function prepareDevice({ precision = 'float32', deterministic = false }: EngineOptions): void {
  const { env } = process;
  // Without it TensorFlow takes all of a GPU's memory, and a second job finds none.
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  // Recent GPUs round the factors of float32 products to 10 bits unless this is 0.
  if (precision !== 'tf32') env.NVIDIA_TF32_OVERRIDE ??= '0';
  if (deterministic) {
    env.TF_DETERMINISTIC_OPS ??= '1';
    env.TF_CUDNN_DETERMINISTIC ??= '1';
  }
}

/** Throws HeldoutError where a precision is asked for that the device does not have. */
export function checkPrecision(options: EngineOptions): void {
  const refusal = refusePrecision(options, { tier: 'tensorflow', gpu: tensorFlow().isUsingGpuDevice });
  if (refusal !== undefined) throw refusal;
}

/**
 * Whether numbers enter a graph as integers of the same bits: the addon puts a float tensor on the GPU first, from
 * where the session fetches it back before it feeds it; integers stay on the host.
 */
export function feedsAsIntegers(): boolean {
  return tensorFlow().isUsingGpuDevice;
}

/** Bytes that are free on the device; 0 where a GPU does not say. */
export function freeMemory(): number {
  if (!tensorFlow().isUsingGpuDevice) return process.availableMemory();
  const [first = '0'] = (process.env.CUDA_VISIBLE_DEVICES ?? '0').split(',');
  const query = ['--query-gpu=memory.free', '--format=csv,noheader,nounits', `--id=${first}`];
  const { stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: 10_000 });
  const mebibytes = Number.parseInt(stdout ?? '', 10);
  return mebibytes > 0 ? mebibytes * 2 ** 20 : 0;
}
