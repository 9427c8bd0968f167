import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { conv2d, matMul, relu, reshape, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { monotonicSeconds } from '../../../src/core/clock.js';
import { projectRoot } from '../../../src/core/files/paths.js';
import { startEngine } from '../../../src/engine/backends/start.js';
import type { NamedArray, TensorMap } from '../../../src/engine/engine.js';
import { apgd } from '../../../src/evaluation/attacks/apgd.js';
import { openAttacked } from '../../../src/protocols/evaluation/attacks/attacked-network.js';
import { holdParameters } from '../../../src/protocols/pruning/hold-parameters.js';
import { fillUniform } from '../../../src/random/draw.js';
import { createFastStream, openKeys } from '../../../src/random/fast-stream.js';
import { stream } from '../../../src/random/stream.js';
import { makeColumns } from '../../../src/variables/columns.js';
import { findPeer, peerHint } from '../peer.js';
import { describeTimes, type Row } from '../row.js';

const examples = 1000;
const steps = 100;
const repeats = 3;
const [side, classes] = [28, 10];
/** Digit CNN: 3x3 convolutions 16, 32 with stride 2, 32 with stride 2, and a linear layer. */
const shapes = {
  conv1: [3, 3, 1, 16],
  conv2: [3, 3, 16, 32],
  conv3: [3, 3, 32, 32],
  head: [7 * 7 * 32, classes],
} as const;

/** APGD of 100 steps on 1,000 digit images, all of which go on to the end, beside the same in PyTorch. */
export async function benchAttacks(): Promise<Row[]> {
  const engine = await startEngine({ backend: 'auto', threads: 'auto' });
  const draw = stream(0, 'attacks');
  const parameters = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]): [string, NamedArray] => {
      const bound = Math.sqrt(6 / shape.slice(0, -1).reduce((product, size) => product * size, 1));
      const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
      return [name, { shape, data: fillUniform(draw, data, -bound, bound) }];
    }),
  );
  const trainer = holdParameters(engine, parameters);
  const images = fillUniform(draw, new Float32Array(examples * side * side));
  const labels = Uint16Array.from({ length: examples }, (_, at) => at % classes);
  const levels = Array.from({ length: classes }, (_, level) => level);
  const attacked = openAttacked({
    trainer,
    model: { parameters: {}, apply: (p, { image }) => ({ prediction: predict(p, image as Tensor4D) }) },
    dataset: {
      name: 'digits',
      table: makeColumns(examples, [{ name: 'digit', kind: 'categorical', levels }], { digit: labels }),
      inputs: { image: [side, side, 1] },
      targets: [{ name: 'digit', kind: 'categorical' }],
      fingerprint: '',
      fill: () => undefined,
    },
    head: { name: 'digit', kind: 'categorical', start: 0, width: classes },
    batchSize: 250,
  })(Uint32Array.from({ length: examples }, (_, at) => at));
  const draws = createFastStream(openKeys(0, 'attacks'));
  const attempt = {
    ...{ attacked, clean: images, steps, untilFooled: false },
    rows: Uint32Array.from({ length: examples }, (_, at) => at),
    ball: { norm: 'linf', radius: 0.1 } as const,
    draw(row: number, step: number) {
      draws.place(row, step);
      return draws;
    },
  };
  await apgd({ ...attempt, steps: 2 }, 'ce');
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const since = monotonicSeconds();
    await apgd(attempt, 'ce');
    times.push(monotonicSeconds() - since);
  }
  trainer.dispose();
  const name = `APGD, ${steps} steps, ${examples} digit images`;
  return [
    { name: `${name}: Heldout, ${engine.tier}`, ...describeTimes(times, 's'), goal: 'below 20 s' },
    timePeer(`${name}: PyTorch`),
  ];
}

function predict(p: TensorMap, image: Tensor4D): Tensor2D {
  const layer = (x: Tensor4D, name: string, stride: number) =>
    relu(conv2d(x, p[name] as Tensor4D, stride, 'same'));
  const features = layer(layer(layer(image, 'conv1', 1), 'conv2', 2), 'conv3', 2);
  return matMul(reshape(features, [-1, 7 * 7 * 32]) as Tensor2D, p.head as Tensor2D);
}

function timePeer(name: string): Row {
  const python = findPeer();
  if (python === undefined) return { name, remark: `no Python with torch: ${peerHint}` };
  const script = join(projectRoot(), 'scripts', 'bench', 'attacks', 'peer.py');
  const words = [script, examples, steps, repeats].map(String);
  const times = JSON.parse(execFileSync(python, words, { encoding: 'utf8' })) as number[];
  return { name, ...describeTimes(times, 's') };
}
