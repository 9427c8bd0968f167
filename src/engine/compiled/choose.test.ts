import { mul, scalar, square, sub, sum } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainerOptions } from '../engine.js';
import { descent } from '../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';
import { createTensorFlowTrainer } from './create-trainer.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const batch = { y: { shape: [1], data: Float32Array.of(1) } };
const fine: TrainerOptions['loss'] = ({ x }, { y }) => sum(square(sub(x!, y!)));
const reading: TrainerOptions['loss'] = ({ x }, { y }) => sum(mul(square(sub(x!, y!)), y!.dataSync()[0]!));

function create(loss: TrainerOptions['loss'], compile: 'auto' | 'off' | 'always' = 'auto') {
  const warnings: string[] = [];
  const trainer = createTensorFlowTrainer(
    {
      parameters: { x: { shape: [1], data: Float32Array.of(3) } },
      optimizer: descent,
      loss,
      warn: (message) => warnings.push(message),
    },
    { compile, xla: 'off' },
  );
  return { trainer, warnings };
}

describe.skipIf(!tensorFlowWorks)('engine.compile', () => {
  it.each([
    ['auto', fine, true],
    ['always', fine, true],
    ['off', fine, false],
    ['auto', reading, false],
  ] as const)('%s trains to the same numbers', (compile, loss, compiled) => {
    const { trainer, warnings } = create(loss, compile);
    expect(trainer.prepare(batch, { learningRate: 0.25 })).toEqual({ compiled, xla: false, resident: 0 });
    expect(trainer.step(batch, { learningRate: 0.25 })).toBe(4);
    expect(trainer.step(batch, { learningRate: 0.25 })).toBe(1);
    expect(trainer.inference(({ x }) => ({ twice: mul(x!, 2) }))({}).twice!.data[0]).toBe(3);
    expect(trainer.state()).toMatchObject({ step: 2 });
    expect(warnings).toHaveLength(compile === 'auto' && !compiled ? 1 : 0);
    for (const warning of warnings) {
      expect(warning).toMatch(
        /^the training step runs op by op, .*: the input y is read by JavaScript, at src\/.*choose\.test\.ts:\d+:\d+$/,
      );
    }
    trainer.dispose();
  });

  it('always refuses what cannot be compiled', () => {
    const { trainer } = create(reading, 'always');
    expect(() => trainer.step(batch, { learningRate: 0.25 })).toThrow(
      expect.objectContaining({ code: 'E_ENGINE_COMPILE', exitCode: 1 }),
    );
    trainer.dispose();
  });

  it('keeps the state when it falls back in the middle of a run', () => {
    const { trainer } = create(reading);
    const state = { parameters: { x: { shape: [1], data: Float32Array.of(2) } }, slots: {}, step: 7 };
    trainer.restore(state);
    expect(trainer.step(batch, { learningRate: 0.5 })).toBe(1);
    expect(trainer.state()).toEqual({
      ...state,
      parameters: { x: { shape: [1], data: Float32Array.of(1) } },
      step: 8,
    });
    trainer.dispose();
  });

  it('evaluates op by op only what cannot be compiled', () => {
    const { trainer, warnings } = create(fine);
    const read = trainer.inference(({ x }) => ({ value: scalar(x!.dataSync()[0]! * 2) }));
    expect(read({}).value!.data[0]).toBe(6);
    expect(trainer.prepare(batch, { learningRate: 0.25 }).compiled).toBe(true);
    trainer.step(batch, { learningRate: 0.25 });
    expect(read({}).value!.data[0]).toBe(4);
    expect(warnings).toEqual([expect.stringMatching(/^the evaluation runs op by op/)]);
    trainer.dispose();
  });
});
