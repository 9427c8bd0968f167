import {
  getKernel,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { OpAttribute, TensorFlowBackend } from '../backends/tensorflow-backend.js';
import { attribute } from '../compiled/graph/graph.js';
import {
  attentionGradientKernel,
  attentionKernel,
  biasAddGradient,
  biasGradientKernel,
  gegluGradientKernel,
  gegluKernel,
  groupNormGradientKernel,
  groupNormKernel,
  layerNormGradientKernel,
  layerNormKernel,
  linkedAttentionGradientKernel,
  linkedAttentionKernel,
  moduleNormGradientKernel,
  moduleNormKernel,
  reluBiasGradientKernel,
  selfAttentionGradientKernel,
  selfAttentionKernel,
  softmaxGradientKernel,
  softmaxKernel,
} from './names.js';

interface ProcessorOp {
  /** The kernel that it computes, where that has another name. */
  readonly kernel?: string;
  readonly inputs: readonly string[];
  readonly outputs: number;
  readonly attributes?: Readonly<Record<string, 'int' | 'float'>>;
}

const ofHeads = { scale: 'float', heads: 'int' } as const;

/** The ops of `processor/`, as their files define them. */
const processorOps: Readonly<Record<string, ProcessorOp>> = {
  [layerNormKernel]: { inputs: ['x', 'scale', 'shift'], outputs: 3, attributes: { epsilon: 'float' } },
  [layerNormGradientKernel]: { inputs: ['dy', 'x', 'scale', 'mean', 'inverse'], outputs: 3 },
  [groupNormKernel]: {
    inputs: ['x', 'scale', 'shift'],
    outputs: 3,
    attributes: { epsilon: 'float', groups: 'int' },
  },
  [groupNormGradientKernel]: {
    inputs: ['dy', 'x', 'scale', 'mean', 'inverse'],
    outputs: 3,
    attributes: { groups: 'int' },
  },
  [biasGradientKernel]: { kernel: biasAddGradient, inputs: ['dy'], outputs: 1 },
  [reluBiasGradientKernel]: { inputs: ['dy', 'y'], outputs: 2 },
  [softmaxKernel]: { inputs: ['x'], outputs: 1 },
  [softmaxGradientKernel]: { inputs: ['dy', 'y'], outputs: 1 },
  [attentionKernel]: { inputs: ['query', 'key', 'value'], outputs: 2, attributes: ofHeads },
  [selfAttentionKernel]: { inputs: ['packed'], outputs: 2, attributes: ofHeads },
  [selfAttentionGradientKernel]: { inputs: ['dy', 'packed', 'weights'], outputs: 1, attributes: ofHeads },
  [attentionGradientKernel]: {
    inputs: ['dy', 'query', 'key', 'value', 'weights'],
    outputs: 3,
    attributes: ofHeads,
  },
  [linkedAttentionKernel]: { inputs: ['query', 'key', 'value', 'links'], outputs: 2, attributes: ofHeads },
  [linkedAttentionGradientKernel]: {
    inputs: ['dy', 'query', 'key', 'value', 'weights'],
    outputs: 4,
    attributes: ofHeads,
  },
  [moduleNormKernel]: { inputs: ['x', 'scale', 'shift'], outputs: 3, attributes: { epsilon: 'float' } },
  [moduleNormGradientKernel]: { inputs: ['dy', 'x', 'scale', 'mean', 'inverse'], outputs: 3 },
  [gegluKernel]: { inputs: ['value', 'gate', 'scale'], outputs: 1 },
  [gegluGradientKernel]: { inputs: ['dy', 'value', 'gate', 'scale'], outputs: 3 },
};

/** Makes the ops of `processor/`, which the addon's loader has brought to TensorFlow, kernels of the backend. */
export function registerProcessorOps(tensorflow: TensorFlowBackend): void {
  for (const [op, { kernel: kernelName = op, inputs: names, outputs, attributes = {} }] of Object.entries(
    processorOps,
  )) {
    if (getKernel(kernelName, 'tensorflow') !== undefined) unregisterKernel(kernelName, 'tensorflow');
    registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs, attrs }) => {
        const given: OpAttribute[] = Object.entries(attributes).map(([name, type]) =>
          attribute(name, type, attrs![name] as number),
        );
        const tensors = names.map((name) => (inputs as NamedTensorInfoMap)[name] as TensorInfo);
        return outputs === 1
          ? tensorflow.executeSingleOutput(op, given, tensors)
          : tensorflow.executeMultipleOutputs(op, given, tensors, outputs);
      },
    });
  }
}
