import {
  type GradConfig,
  getBackend,
  getGradient,
  getKernelsForBackend,
  type KernelConfig,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { type OpInput, tensorFlow } from '../backends/tensorflow-backend.js';
import { watchGroups } from '../ops/support/group.js';
import type { CallLog } from './calls.js';

/**
 * Times every op of the running backend and tells `log()`, until restored: on TensorFlow every op that the addon
 * executes (on a CPU it has ended when the call returns), elsewhere every kernel. Kernels, their gradients and ops
 * with gradients of their own are groups of what they call.
 */
export function watchOps(log: () => CallLog): () => void {
  const backend = getBackend();
  const timed = backend === 'tensorflow' ? watchTensorFlow(log) : undefined;
  const wrap = timed === undefined ? timeKernel : groupKernel;
  const kernels = getKernelsForBackend(backend);
  const gradients = kernels.flatMap(({ kernelName }) => getGradient(kernelName) ?? []);
  for (const kernel of kernels) replaceKernel(wrap(kernel, log));
  for (const gradient of gradients) registerGradient(groupGradient(gradient, log));
  watchGroups({ enter: (inputs) => log().enter(inputs), leave: () => log().leave() });
  return () => {
    watchGroups(undefined);
    for (const gradient of gradients) registerGradient(gradient);
    for (const kernel of kernels) replaceKernel(kernel);
    timed?.();
  };
}

function replaceKernel(kernel: KernelConfig): void {
  unregisterKernel(kernel.kernelName, kernel.backendName);
  registerKernel(kernel);
}

function watchTensorFlow(log: () => CallLog): () => void {
  const backend = tensorFlow();
  const single = backend.executeSingleOutput;
  const multiple = backend.executeMultipleOutputs;
  const run: typeof multiple = (op, attributes, inputs, outputs) => {
    const start = performance.now();
    const results = multiple.call(backend, op, attributes, inputs, outputs);
    log().note(op, inputs.filter(isTensor), results, performance.now() - start);
    return results;
  };
  backend.executeMultipleOutputs = run;
  backend.executeSingleOutput = (op, attributes, inputs) => run(op, attributes, inputs, 1)[0]!;
  return () => {
    backend.executeSingleOutput = single;
    backend.executeMultipleOutputs = multiple;
  };
}

function groupKernel(kernel: KernelConfig, log: () => CallLog): KernelConfig {
  return {
    ...kernel,
    kernelFunc: (call) => within(log(), listTensors(call.inputs), () => kernel.kernelFunc(call)),
  };
}

/** Time of kernels that are being called by the one that is running. */
let inner = 0;

function timeKernel(kernel: KernelConfig, log: () => CallLog): KernelConfig {
  return {
    ...kernel,
    kernelFunc(call) {
      const outside = inner;
      inner = 0;
      const start = performance.now();
      const inputs = listTensors(call.inputs);
      const results = within(log(), inputs, () => kernel.kernelFunc(call));
      const whole = performance.now() - start;
      const outputs = Array.isArray(results) ? results : [results];
      log().note(kernel.kernelName, inputs, outputs, whole - inner);
      inner = outside + whole;
      return results;
    },
  };
}

/** What a kernel's gradient computes belongs to what the kernel took, as far as it was saved. */
function groupGradient(gradient: GradConfig, log: () => CallLog): GradConfig {
  const { gradFunc } = gradient;
  return {
    ...gradient,
    gradFunc(dy, saved, attributes) {
      const computed = within(log(), saved, () => gradFunc(dy, saved, attributes));
      const entries = Object.entries(computed).map(([name, compute]): [string, () => Tensor] => [
        name,
        () => within(log(), saved, compute as () => Tensor),
      ]);
      return Object.fromEntries(entries);
    },
  };
}

function within<T>(log: CallLog, inputs: readonly TensorInfo[], compute: () => T): T {
  log.enter(inputs);
  try {
    return compute();
  } finally {
    log.leave();
  }
}

/** Kernels take tensors, lists of tensors, and nothing for what is optional. */
function listTensors(inputs: object): TensorInfo[] {
  return Object.values(inputs)
    .flat()
    .filter((input) => input != null && isTensor(input));
}

function isTensor(input: OpInput): input is TensorInfo {
  return 'dataId' in input;
}
