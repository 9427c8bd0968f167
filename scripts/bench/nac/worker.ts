import { createInterface } from 'node:readline';
import { nacSchema } from '../../../src/config/schema/sections/nac.js';
import { monotonicSeconds } from '../../../src/core/clock.js';
import { startEngine } from '../../../src/engine/backends/start.js';
import type { Engine, NamedArrays, SharedTrainer, TrainerOptions } from '../../../src/engine/engine.js';
import { keyInputs, readKey } from '../../../src/engine/ops/random-uniform.js';
import { countParameters, initialParameters, sparedParameters } from '../../../src/models/initialise.js';
import type { Model } from '../../../src/models/model.js';
import { nacOptions } from '../../../src/models/nac/from-config.js';
import { createNac } from '../../../src/models/nac/nac.js';
import { createCrossEntropy } from '../../../src/objectives/cross-entropy.js';
import { fillUniform } from '../../../src/random/draw.js';
import { stepKey } from '../../../src/random/step-key.js';
import { stream } from '../../../src/random/stream.js';
import { createAdamW } from '../../../src/training/optimizers/adamw.js';
import { clipGradients } from '../../../src/training/optimizers/clip.js';
import type { Head } from '../../../src/variables/targets.js';

export type NacSize = 's' | 'xs';

export interface NacRequest {
  readonly what: 'step' | 'inference';
  readonly size: NacSize;
  readonly processors: number;
  readonly batch: number;
  /** Training steps in one graph. */
  readonly replicas: number;
  readonly repeats: number;
}

export interface NacAnswer {
  readonly times: readonly number[];
  readonly parameters: number;
  /** Most memory that the process has held, in bytes. */
  readonly memory: number;
}

const classes = [4, 4, 3, 4, 4];
const heads: readonly Head[] = classes.map((width, index) => ({
  name: `factor${index}`,
  kind: 'categorical',
  start: classes.slice(0, index).reduce((sum, value) => sum + value, 0),
  width,
}));
const outputs = classes.reduce((sum, value) => sum + value, 0);
const sizes = {
  s: { side: 64, config: {} },
  xs: {
    side: 32,
    config: {
      read_outs: 4,
      width: 32,
      signature_width: 8,
      layers: 2,
      heads: 2,
      tokens: { stem_channels: 8, channels: 16, positions: 16 },
    },
  },
} as const;
const warmUps = 4;

/** Answers each request, one JSON line each, with milliseconds per call. peer.py has the same net in PyTorch. */
export async function serveNac(sideBySide: boolean): Promise<void> {
  const engine = await startEngine({ backend: 'tensorflow', threads: 'auto', sideBySide });
  const running = new Map<string, Call>();
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as NacRequest;
    const { repeats, ...rest } = request;
    const key = JSON.stringify(rest);
    const call = running.get(key) ?? (await createCall(engine, request));
    running.set(key, call);
    const times: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const start = monotonicSeconds();
      await call();
      times.push((monotonicSeconds() - start) * 1000);
    }
    const memory = process.resourceUsage().maxRSS * 1024;
    const answer: NacAnswer = { times, parameters: countParameters(createModel(request)), memory };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

type Call = () => unknown;

function createModel({ size, processors }: NacRequest): Model {
  const { side, config } = sizes[size];
  // The graph of the prior changes no time; a random start spares large circuits its fit.
  const options = nacOptions(
    nacSchema.parse({ name: 'nac', ...config, processors, prior: { graph: 'none' } }),
  );
  return createNac(options, { inputs: { image: [side, side, 3] }, outputs });
}

async function createCall(engine: Engine, request: NacRequest): Promise<Call> {
  const { what, replicas } = request;
  const model = createModel(request);
  const batch = drawBatch(request);
  if (what === 'inference') {
    const trainer = engine.createTrainer(describeTrainer(model, 0));
    const infer = trainer.inference(model.apply);
    const call = () => infer(batch);
    for (let warm = 0; warm < warmUps; warm++) call();
    return call;
  }
  const group = replicas > 1 ? engine.createReplicas!(replicas) : undefined;
  const members = Array.from({ length: replicas }, (_, seed): SharedTrainer => {
    const options = describeTrainer(model, seed);
    return group?.createTrainer(options) ?? engine.createTrainer(options);
  });
  let step = 0;
  const inputsOf = (seed: number) => ({ learningRate: 1e-3, ...keyInputs(stepKey(seed, step)) });
  for (const [seed, trainer] of members.entries()) trainer.prepare(batch, inputsOf(seed));
  const call = async () => {
    await Promise.all(members.map((trainer, seed) => trainer.step(batch, inputsOf(seed))));
    step += 1;
  };
  for (let warm = 0; warm < warmUps; warm++) await call();
  return call;
}

function describeTrainer(model: Model, seed: number): TrainerOptions {
  const objective = createCrossEntropy({ label_smoothing: 0.1 }, heads);
  const optimizer = createAdamW({
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weight_decay: 0.05,
    decay_biases: false,
    spared: sparedParameters(model),
  });
  return {
    parameters: initialParameters(model, seed),
    optimizer: clipGradients(optimizer, { clip_norm: 1, clip_value: null }),
    loss: (parameters, batch, numbers) => objective(model.apply(parameters, batch, readKey(numbers)), batch),
  };
}

function drawBatch({ size, batch }: NacRequest): NamedArrays {
  const { side } = sizes[size];
  const source = stream(0, 'bench', 'nac');
  const image = fillUniform(source, new Float32Array(batch * side * side * 3), 0, 1);
  const draws = fillUniform(source, new Float32Array(batch * classes.length), 0, 1);
  const target = draws.map((draw, index) => Math.floor(draw * classes[index % classes.length]!));
  return {
    image: { shape: [batch, side, side, 3], data: image },
    target: { shape: [batch, classes.length], data: target },
  };
}
