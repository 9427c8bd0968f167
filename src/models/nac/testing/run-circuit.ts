import type { Tensor } from '@tensorflow/tfjs-core';
import { toTensors } from '../../../engine/arrays.js';
import type { NamedArray, NamedArrays } from '../../../engine/engine.js';
import { runOn, type Values } from '../../../engine/testing/backends.js';
import { type CircuitOptions, executeCircuit } from '../circuit.js';
import { staticDesign } from '../design/design.js';
import { smallOptions, smallTokens } from './small-circuit.js';

export interface CircuitRun {
  /** Of the processors after the last propagator. */
  readonly states: Values;
  readonly prediction: Values;
}

/** Executes a circuit on the wasm tier. */
export function runCircuit(
  parameters: NamedArrays,
  options: CircuitOptions = smallOptions,
  key?: readonly [number, number],
): CircuitRun {
  const [states, prediction] = runOn('wasm', () => {
    const random: Record<string, NamedArray> = key ? { key: { shape: [2], data: Int32Array.from(key) } } : {};
    const tensors = toTensors({ ...parameters, ...random, tokens: smallTokens() });
    const design = staticDesign(tensors, 'design');
    const run = executeCircuit(tensors, 'circuit', tensors.tokens!, design, options, tensors.key);
    return [run.states.at(-1) as Tensor, run.prediction];
  });
  return { states: states!, prediction: prediction! };
}
