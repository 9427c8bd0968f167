import type { Tensor } from '@tensorflow/tfjs-core';
import { toTensors } from '../../../engine/arrays.js';
import type { NamedArray, NamedArrays, TensorMap } from '../../../engine/engine.js';
import { runOn, type Values } from '../../../engine/testing/backends.js';
import { type CircuitOptions, type Execution, executeCircuit } from '../circuit.js';
import { staticDesign } from '../design/design.js';
import { smallOptions, smallTokens } from './small-circuit.js';

export interface CircuitRun {
  /** Of the processors after the last propagator. */
  readonly states: Values;
  readonly prediction: Values;
}

/** Executes the design of the parameters on the small tokens. */
export function executeSmall(parameters: TensorMap, options: CircuitOptions, random?: Tensor): Execution {
  const { tokens } = toTensors({ tokens: smallTokens() });
  const design = staticDesign(parameters, 'design');
  return executeCircuit(parameters, 'circuit', tokens!, design, options, random);
}

/** Executes a circuit on the wasm tier. */
export function runCircuit(
  parameters: NamedArrays,
  options: CircuitOptions = smallOptions,
  key?: readonly [number, number],
): CircuitRun {
  const [states, prediction] = runOn('wasm', () => {
    const random: Record<string, NamedArray> = key ? { key: { shape: [2], data: Int32Array.from(key) } } : {};
    const tensors = toTensors({ ...parameters, ...random });
    const run = executeSmall(tensors, options, tensors.key);
    return [run.states.at(-1) as Tensor, run.prediction];
  });
  return { states: states!, prediction: prediction! };
}
