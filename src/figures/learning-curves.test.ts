import { expect, it } from 'vitest';
import { drawLearningCurves, listCurves } from './learning-curves.js';

it('lists curves from records, resumed and not finite ones too', () => {
  const records = [
    { kind: 'train', step: 10, loss: 0.5, learning_rate: 0.001 },
    { kind: 'train', step: 20, loss: 0.4 },
    { kind: 'train', step: 20, loss: 0.3 },
    { kind: 'train', step: 30, loss: Number.NaN },
    { kind: 'monitor', step: 20, train_r2: 0.9, test_r2: -0.5 },
  ];
  expect(listCurves(records)).toEqual({
    loss: [
      { step: 10, value: 0.5 },
      { step: 20, value: 0.3 },
    ],
    trainScore: [{ step: 20, value: 0.9 }],
    otherScore: [{ step: 20, value: -0.5 }],
    metric: 'r2',
    otherSet: 'test',
  });
  const classes = [{ kind: 'monitor', step: 5, train_accuracy: 0.5, validation_accuracy: null }];
  expect(listCurves(classes)).toEqual({
    loss: [],
    trainScore: [{ step: 5, value: 0.5 }],
    otherScore: [],
    metric: 'accuracy',
    otherSet: 'validation',
  });
});

it('draws the mean of the runs with their range, a long loss in a hundred stretches', () => {
  const loss = (offset: number) =>
    Array.from({ length: 1000 }, (_, index) => ({ step: index + 1, value: 1 + offset }));
  const runs = [0, 0.5].map((offset) => ({
    model: 'cnn',
    split: 'random',
    loss: loss(offset),
    trainScore: [],
    otherScore: [],
  }));
  const spec = JSON.stringify(drawLearningCurves(runs).specify(100));
  expect(spec).toContain('{"x":10,"y":1.25,"low":1,"high":1.5}');
  expect(spec.match(/"x":\d+,"y":1.25/g)).toHaveLength(2 * 100 + 5);
});

it('puts four splits side by side, the parts of a name on lines, and no sign below the frame', () => {
  const splits = Array.from({ length: 5 }, (_, index) => `extrapolation, share=0.${index}`);
  const runs = splits.map((split) => ({
    model: 'cnn',
    split,
    loss: [],
    trainScore: [],
    otherScore: [
      { step: 10, value: -7 },
      { step: 20, value: 0.5 },
    ],
  }));
  const { panels, specify } = drawLearningCurves(runs);
  expect(panels).toBe(4);
  const spec = JSON.stringify(specify(80));
  expect(spec).toContain('"text":["extrapolation","share=0.4"]');
  // Lines and bands are clipped, signs are not.
  expect(spec.match(/"y":-7/g)).toHaveLength(2 * 5);
  expect(spec).toContain('datum.value == 0 ? \\"0\\"');
});
