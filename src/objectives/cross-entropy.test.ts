import { tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import type { Engine, NamedArrays } from '../engine/engine.js';
import { readGradients } from '../models/testing/gradients.js';
import type { Head } from '../variables/targets.js';
import { createCrossEntropy } from './cross-entropy.js';
import { loadObjective } from './index.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

const heads: readonly Head[] = [
  { name: 'shape', kind: 'categorical', start: 0, width: 3 },
  { name: 'hue', kind: 'categorical', start: 3, width: 2 },
];
const logits = [
  [0.5, -1, 2, 0.3, 0.1],
  [1.5, 0.2, -0.4, -2, 1],
];
const classes = [
  [2, 0],
  [1, 1],
];
const value = (outputs: readonly (readonly number[])[], label_smoothing: number) =>
  tidy(() => {
    const objective = createCrossEntropy({ label_smoothing }, heads);
    return objective(
      { prediction: tensor(outputs as number[][]) },
      { target: tensor(classes) },
    ).dataSync()[0]!;
  });

/** The definition, with plain numbers. */
function expected(smoothing: number): number {
  const losses = logits.flatMap((row, example) =>
    heads.map(({ start, width }, head) => {
      const part = row.slice(start, start + width);
      const total = Math.log(part.reduce((sum, logit) => sum + Math.exp(logit), 0));
      const share = (at: number) => (at === classes[example]![head] ? 1 - smoothing : 0) + smoothing / width;
      return part.reduce((sum, logit, at) => sum + share(at) * (total - logit), 0);
    }),
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

describe('cross-entropy', () => {
  it.each([0, 0.1])('is averaged over heads and batch, with labels smoothed by %d', (smoothing) => {
    expect(value(logits, smoothing)).toBeCloseTo(expected(smoothing), 6);
  });

  it.each([0, 0.1])('takes classes of mixed examples by their shares, smoothed by %d', (label_smoothing) => {
    const objective = createCrossEntropy({ label_smoothing }, heads);
    const loss = (batch: Readonly<Record<string, number[][]>>) =>
      tidy(() => {
        const tensors = Object.entries(batch).map(([name, data]) => [name, tensor(data)]);
        return objective({ prediction: tensor(logits) }, Object.fromEntries(tensors)).dataSync()[0]!;
      });
    const share = 0.7;
    const soft_target = classes.map((own, example) => {
      const other = classes[1 - example]!;
      const row = [0, 0, 0, 0, 0];
      heads.forEach(({ start }, head) => {
        row[start + own[head]!]! += share;
        row[start + other[head]!]! += 1 - share;
      });
      return row;
    });
    const [own, other] = [loss({ target: classes }), loss({ target: classes.toReversed() })];
    expect(loss({ target: classes, soft_target })).toBeCloseTo(share * own + (1 - share) * other, 6);
  });

  it.each([0, 0.1])('has the gradient of its finite differences, with labels smoothed by %d', (smoothing) => {
    const array = (data: readonly (readonly number[])[]) => {
      return { shape: [data.length, data[0]!.length], data: Float32Array.from(data.flat()) };
    };
    const batch: NamedArrays = { target: array(classes) };
    const objective = createCrossEntropy({ label_smoothing: smoothing }, heads);
    const { gradients } = readGradients(engine, { prediction: array(logits) }, objective, batch);
    const h = 2 ** -6;
    gradients.prediction!.data.forEach((gradient, at) => {
      const [row, column] = [Math.floor(at / 5), at % 5];
      const moved = (by: number) =>
        value(logits.with(row, logits[row]!.with(column, logits[row]![column]! + by)), smoothing);
      expect(gradient).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 3);
    });
  });

  it.each([0, 0.1])(
    'of one logit is that of two of which the first is zero, smoothed by %d',
    (label_smoothing) => {
      const gap = [2.5, -30, 0, 90];
      const array = (data: readonly number[], width: number) => {
        return { shape: [data.length / width, width], data: Float32Array.from(data) };
      };
      const one: readonly Head[] = [{ name: 'hired', kind: 'binary', start: 0, width: 1 }];
      const two: readonly Head[] = [{ name: 'hired', kind: 'categorical', start: 0, width: 2 }];
      const read = (of: readonly Head[], prediction: NamedArrays[string], batch: NamedArrays) =>
        readGradients(engine, { prediction }, createCrossEntropy({ label_smoothing }, of), batch);
      const target = array([1, 1, 0, 0], 1);
      const shares = [0.7, 1, 0, 0.2];
      const pairs = gap.flatMap((logit) => [0, logit]);
      for (const [single, double] of [
        [{ target }, { target }],
        [
          { target, soft_target: array(shares, 1) },
          {
            target,
            soft_target: array(
              shares.flatMap((share) => [1 - share, share]),
              2,
            ),
          },
        ],
      ] as const) {
        const [binary, softmax] = [read(one, array(gap, 1), single), read(two, array(pairs, 2), double)];
        expect(binary.loss).toBeCloseTo(softmax.loss, 4);
        const [found, expected] = [binary.gradients.prediction!.data, softmax.gradients.prediction!.data];
        for (const [at, gradient] of found.entries()) expect(gradient).toBeCloseTo(expected[2 * at + 1]!, 6);
      }
    },
  );

  it('is for classes, as squared error is for numbers', async () => {
    const { loss } = await loadObjective({ name: 'cross_entropy', label_smoothing: 0 }, heads);
    expect(loss).toBeTypeOf('function');
    const scale: Head = { name: 'scale', kind: 'numeric', start: 0, width: 1 };
    const load = (name: 'cross_entropy' | 'squared_error', given: readonly Head[]) => () =>
      loadObjective({ name, label_smoothing: 0 }, given);
    await expect(async () => load('cross_entropy', [scale])()).rejects.toMatchObject({
      code: 'E_OBJECTIVE_TARGETS',
      hints: ['objective=squared_error'],
    });
    await expect(async () => load('squared_error', heads)()).rejects.toThrow('shape, hue are categorical');
    const both: readonly Head[] = [...heads, { name: 'hired', kind: 'binary', start: 5, width: 1 }];
    expect((await load('cross_entropy', both)()).loss).toBeTypeOf('function');
    await expect(async () => load('squared_error', both.slice(2))()).rejects.toThrow('hired is binary');
  });
});
