import { join } from 'node:path';
import { mean, square, type Tensor } from '@tensorflow/tfjs-core';
import { monotonicSeconds } from '../../src/core/clock.js';
import { projectRoot } from '../../src/core/files/paths.js';
import { findAddon } from '../../src/engine/backends/addon.js';
import { startEngine } from '../../src/engine/backends/start.js';
import { assemble } from '../../src/engine/compiled/graph/assemble.js';
import { loadProgram } from '../../src/engine/compiled/graph/program.js';
import { recordStep } from '../../src/engine/compiled/step-program.js';
import { createTrainerCore } from '../../src/engine/compiled/trainer.js';
import type { NamedArrays, TrainerOptions } from '../../src/engine/engine.js';
import { linear } from '../../src/engine/ops/fused.js';
import { createAdam } from '../../src/training/optimizers/adam.js';
import { describeTimes, type Row } from './row.js';
import { MeasuringProcess } from './steps/process.js';

const layers = 75;
const width = 16;
const repeats = 7;

/** How long it takes to make a graph of a step: recording it twice, encoding and loading. */
export async function benchRecording(): Promise<Row[]> {
  if (findAddon() === undefined) {
    return [{ name: 'recording a step', remark: 'not measured: there is no addon; npm run setup' }];
  }
  const script = join(projectRoot(), 'scripts', 'heldout.mjs');
  const [worker, ready] = await MeasuringProcess.start(process.execPath, [
    script,
    'bench',
    '--serve-recording',
  ]);
  try {
    const { times } = (await worker.ask({ repeats })) as unknown as { times: number[] };
    const name = `recording and loading a step of ${ready.nodes} nodes`;
    return [{ name, ...describeTimes(times, 'ms'), goal: '< 500 ms' }];
  } finally {
    worker.end();
  }
}

/** The process that measures. */
export async function serveRecording(): Promise<void> {
  await startEngine({ backend: 'tensorflow', threads: 'auto' });
  const options = deepNetwork();
  const state = createTrainerCore(options, { xla: false }).fetch();
  const now = { state, updates: 0, batch: filled({ x: [4, width] }), inputs: { learningRate: 1e-3 } };
  const make = () => {
    const { part } = recordStep(options, now);
    loadProgram(part).dispose();
    return assemble([part]).nodes.length;
  };
  process.stdout.write(`${JSON.stringify({ nodes: make() })}\n`);
  process.stdin.once('data', () => {
    const times = Array.from({ length: repeats }, () => {
      const start = monotonicSeconds();
      make();
      return (monotonicSeconds() - start) * 1000;
    });
    process.stdout.write(`${JSON.stringify({ times })}\n`);
  });
}

function deepNetwork(): TrainerOptions {
  const names = Array.from({ length: layers }, (_, index) => `layer${index}`);
  const shapes = names.flatMap((name) => [
    [`${name}/kernel`, [width, width]] as const,
    [`${name}/bias`, [width]] as const,
  ]);
  return {
    parameters: filled(Object.fromEntries(shapes)),
    optimizer: createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
    loss(parameters, { x }) {
      let h: Tensor = x!;
      for (const name of names)
        h = linear(h, parameters[`${name}/kernel`]!, parameters[`${name}/bias`]!, 'relu');
      return mean(square(h));
    },
  };
}

function filled(shapes: Readonly<Record<string, readonly number[]>>): NamedArrays {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, { shape, data: new Float32Array(size).fill(0.1) }];
    }),
  );
}
