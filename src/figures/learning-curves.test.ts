import { expect, it } from 'vitest';
import { drawLearningCurves, readCurves } from './learning-curves.js';

it('reads curves from lines, resumed and torn ones too', () => {
  const lines = [
    '{"kind":"train","step":10,"loss":0.5,"learning_rate":0.001,"time":1}',
    '{"kind":"train","step":20,"loss":0.4,"learning_rate":0.001,"time":2}',
    '{"kind":"train","step":20,"loss":0.3,"learning_rate":0.001,"time":5}',
    '{"kind":"monitor","step":20,"train":{"r2":0.9},"test":{"r2":-0.5},"time":6}',
    '{"kind":"train","step":30,"lo',
  ];
  expect(readCurves(lines.join('\n'))).toEqual({
    loss: [
      { step: 10, value: 0.5 },
      { step: 20, value: 0.3 },
    ],
    trainR2: [{ step: 20, value: 0.9 }],
    testR2: [{ step: 20, value: -0.5 }],
  });
});

it('draws the mean of the runs with their range, a long loss in a hundred stretches', () => {
  const loss = (offset: number) =>
    Array.from({ length: 1000 }, (_, index) => ({ step: index + 1, value: 1 + offset }));
  const runs = [0, 0.5].map((offset, seed) => ({
    model: 'cnn',
    split: 'random',
    seed: String(seed),
    loss: loss(offset),
    trainR2: [],
    testR2: [],
  }));
  const spec = JSON.stringify(drawLearningCurves(runs).specify(100));
  expect(spec).toContain('{"x":10,"y":1.25,"low":1,"high":1.5}');
  expect(spec.match(/"x":\d+,"y":1.25/g)).toHaveLength(2 * 100 + 5);
});
