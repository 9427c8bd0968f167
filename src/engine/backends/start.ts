import { availableParallelism } from 'node:os';
import { env, version_core } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../../core/errors.js';
import { firstLine } from '../../core/text.js';
import { createTensorFlowTrainer } from '../compiled/create-trainer.js';
import { createReplicaGroup } from '../compiled/replicas/replicas.js';
import { budgetInBytes } from '../compiled/resident/holding.js';
import type { Engine } from '../engine.js';
import { registerGradients } from '../gradients/register.js';
import { createEagerTrainer } from '../trainer.js';
import { findAddon, restoreAddon } from './addon.js';
import { freeMemory } from './device.js';
import type { EngineOptions } from './options.js';
import { describePrecision, lowPrecisionOf, refusePrecision } from './precision.js';
import { tensorFlowHint } from './probe.js';
import { requireFromRoot } from './resolve.js';
import { startTensorFlow } from './tensorflow.js';
import { tensorFlow } from './tensorflow-backend.js';
import { addKernels, startShippedWasm } from './wasm.js';

let started: Promise<Engine> | undefined;

/**
 * Starts a backend, once per process: `auto` takes tensorflow when its addon has been built, otherwise wasm.
 * Throws HeldoutError when the tier asked for cannot start, or when another one already runs here.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  started ??= start(options);
  const engine = await started;
  if (options.backend !== 'auto' && options.backend !== engine.tier) {
    throw new HeldoutError({
      code: 'E_ENGINE_STARTED',
      message: `this process already runs on ${engine.tier}; ${options.backend} needs a process of its own`,
      exitCode: 1,
    });
  }
  return engine;
}

async function start(options: EngineOptions): Promise<Engine> {
  const { backend, threads } = options;
  loadTensorFlow();
  registerGradients();
  const restored = restoreAddon();
  const addon = findAddon();
  if (backend === 'tensorflow' || (backend === 'auto' && addon !== undefined)) {
    try {
      const { library, notes } = await startTensorFlow(options);
      const count = threads === 'auto' ? availableParallelism() : threads;
      const settings = compileSettings(options);
      return {
        tier: 'tensorflow',
        threads: count,
        precision: options.precision ?? 'float32',
        notes: [
          ...tensorFlowNotes(library, count, [...(restored === undefined ? [] : [restored]), ...notes]),
          ...precisionNotes(options),
        ],
        createTrainer: (trainer) => createTensorFlowTrainer(trainer, settings),
        ...(settings.compile === 'off'
          ? {}
          : { createReplicas: (size: number) => createReplicaGroup(size, settings) }),
      };
    } catch (error) {
      if (error instanceof HeldoutError && error.code === 'E_ENGINE_PRECISION') throw error;
      if (backend === 'tensorflow') throw explainTensorFlow(error, addon);
      return await startOnWasm(
        options,
        `tensorflow: its addon does not load (${firstLine(error)}) → ${tensorFlowHint}`,
      );
    }
  }
  return await startOnWasm(
    options,
    backend === 'wasm'
      ? 'tensorflow: not asked for (engine.backend=wasm)'
      : `tensorflow: not taken, its addon is not built → ${tensorFlowHint}`,
  );
}

/** Nothing is chosen by timing where the same bits are wanted every time. */
function compileSettings(options: EngineOptions) {
  const { compile = 'auto', xla = 'off', resident_data = 'auto', deterministic = false } = options;
  return {
    compile,
    xla: deterministic && xla === 'auto' ? 'off' : xla,
    budget: () => budgetInBytes(resident_data, freeMemory),
    precision: lowPrecisionOf(options),
  } as const;
}

/** Quiet, and with the gradients of all ops, which the core package leaves out; they come with tfjs-node. */
export function loadTensorFlow(): void {
  env().set('PROD', true);
  requireFromRoot()('@tensorflow/tfjs');
}

async function startOnWasm(options: EngineOptions, whyNotTensorFlow: string): Promise<Engine> {
  const refusal = refusePrecision(options, { tier: 'wasm', gpu: false });
  if (refusal !== undefined) throw refusal;
  addKernels(await startShippedWasm());
  return {
    tier: 'wasm',
    threads: 1,
    precision: 'float32',
    notes: [
      `wasm: TensorFlow.js ${version_core} with Heldout's kernels, one thread of ${availableParallelism()} (jobs run in parallel as processes)`,
      whyNotTensorFlow,
    ],
    createTrainer: createEagerTrainer,
  };
}

function tensorFlowNotes(library: string, threads: number, notes: readonly string[]): string[] {
  const main = `TensorFlow.js ${version_core} on ${library}, ${threads} threads`;
  return [main, ...notes].map((note) => `tensorflow: ${note}`);
}

function precisionNotes(options: EngineOptions): string[] {
  const note = describePrecision(options, { tier: 'tensorflow', gpu: tensorFlow().isUsingGpuDevice });
  return note === undefined ? [] : [note];
}

function explainTensorFlow(error: unknown, addon: string | undefined): HeldoutError {
  return new HeldoutError({
    code: 'E_ENGINE_TENSORFLOW',
    message:
      addon === undefined
        ? 'the tensorflow tier needs its addon, which has not been built'
        : `the addon of the tensorflow tier does not load: ${firstLine(error)}`,
    place: addon ?? 'engine.backend=tensorflow',
    hints: [tensorFlowHint, 'use engine.backend=wasm, which needs nothing'],
    exitCode: 1,
    cause: error,
  });
}
