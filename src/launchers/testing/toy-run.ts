import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../core/json.js';
import type { TrainState } from '../../engine/engine.js';
import { runId } from '../../runs/provenance/identity.js';
import type { RunFacts } from '../../runs/provenance/manifest.js';
import type { RunHandle, RunSpec } from '../../runs/run.js';

export const toyStudy = 'toy';

/** A job that takes milliseconds and goes through everything that a real one goes through. */
export function toySpec(seed = 0, steps = 6, evaluationSeed = 0): RunSpec {
  const config: JsonObject = {
    seed,
    dataset: { name: 'toy' },
    split: { rule: 'random' },
    model: { name: 'toy' },
    objective: { name: 'toy' },
    protocol: { name: 'supervised' },
    training: { steps, checkpoint_every: 2 },
    evaluation: { seed: evaluationSeed },
  };
  return {
    run: runId(config),
    config,
    composed: { seed },
    overrides: [`seed=${seed}`],
    provenance: { seed: 'command line' },
  };
}

export const toyFacts: RunFacts = {
  data: { fingerprint: 'toy data' },
  split: { hash: 'toy split' },
  engine: { tier: 'wasm' },
  environment: {
    git: null,
    packages: { lockfile: null, versions: {} },
    node: process.version,
    platform: process.platform,
    cpu: { model: 'toy', cores: 1, available: 1 },
    memory: 0,
    host: 'toy',
    variables: {},
    command: [],
  },
};

/** Trains, evaluates and finishes; false when `stop` came first. `pause` is in milliseconds per step. */
export async function doToyRun(run: RunHandle, pause = 0, stop?: AbortSignal): Promise<boolean> {
  const seed = Number(run.config.seed);
  const training = run.config.training as { steps: number; checkpoint_every: number };
  const last = run.continueFrom();
  run.begin(toyFacts);
  let state = last?.state ?? startState(seed);
  let sum = (last?.extra as { sum: number } | undefined)?.sum ?? 0;
  while (state.step < training.steps) {
    if (stop?.aborted) {
      run.saveCheckpoint(state, { sum });
      run.interrupt();
      return false;
    }
    state = takeStep(state);
    sum += state.parameters.weight?.data[0] ?? 0;
    run.metrics.append({ step: state.step, loss: sum / state.step });
    if (state.step % training.checkpoint_every === 0) run.saveCheckpoint(state, { sum });
    await sleep(pause);
  }
  run.finishTraining(state.step);
  run.writeFile('predictions', state.parameters.weight?.data ?? new Float32Array());
  run.writeFile('record', JSON.stringify({ run: run.id, evaluation: run.evaluation, sum }));
  run.finish();
  return true;
}

function startState(seed: number): TrainState {
  return {
    parameters: { weight: { shape: [2, 2], data: Float32Array.of(seed, 1, 2, 3) } },
    slots: { 'weight/m': { shape: [2, 2], data: new Float32Array(4) } },
    step: 0,
  };
}

/** Arithmetic that remembers all of its past. */
function takeStep({ parameters, slots, step }: TrainState): TrainState {
  const m = slots['weight/m']?.data.map((value, i) => 0.9 * value + Math.sin(step + i)) ?? [];
  const weight = parameters.weight?.data.map((value, i) => 1.01 * value - 0.1 * (m[i] ?? 0)) ?? [];
  return {
    parameters: { weight: { shape: [2, 2], data: Float32Array.from(weight) } },
    slots: { 'weight/m': { shape: [2, 2], data: Float32Array.from(m) } },
    step: step + 1,
  };
}
