import { grad, memory, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { reference } from '../../evaluation/attacks/testing/reference.js';
import { startBoth } from '../testing/backends.js';
import { batch, expectGradients, losses, runEagerly, slopeOf } from '../testing/input-gradients.js';
import { logitsRatio } from './logits-ratio.js';

beforeAll(() => startBoth());

describe('the gradient of a loss in its input', () => {
  it.each(Object.keys(losses) as (keyof typeof losses)[])('is that of finite differences: %s', (name) => {
    expectGradients(runEagerly(slopeOf(name)));
  });

  it('leaves nothing behind', () => {
    const run = runEagerly(slopeOf('dlr'));
    run(batch);
    const before = memory().numTensors;
    run(batch);
    expect(memory().numTensors).toBe(before);
  });
});

describe('the difference of logits ratio', () => {
  it('and its gradient are those of PyTorch', () => {
    const { logits, classes, loss, gradient } = reference.ratio;
    const z = tensor2d([...logits], [6, 5]);
    const truth = tensor2d(
      classes.flatMap((own) => [0, 1, 2, 3, 4].map((at) => (at === own ? 1 : 0))),
      [6, 5],
    );
    expect([...logitsRatio(z, truth).dataSync()]).toEqual(loss.map((value) => expect.closeTo(value, 5)));
    const slope = grad((x) => logitsRatio(x, truth))(z).dataSync();
    expect([...slope]).toEqual(gradient.map((value) => expect.closeTo(value, 5)));
  });

  it('stays the same when logits are shifted and scaled', () => {
    const z = tensor2d([3, 1, 0.5, -2], [1, 4]);
    const truth = tensor2d([0, 1, 0, 0], [1, 4]);
    const own = logitsRatio(z, truth).dataSync()[0]!;
    expect(own).toBeCloseTo((3 - 1) / (3 - 0.5), 6);
    expect(logitsRatio(z.mul(7).add(5), truth).dataSync()[0]).toBeCloseTo(own, 5);
    expect(logitsRatio(z, tensor2d([1, 0, 0, 0], [1, 4])).dataSync()[0]).toBeCloseTo(-2 / 2.5, 6);
  });
});
