import { describe, expect, it } from 'vitest';
import { drawFloat53, stream } from '../../../random/stream.js';
import { record } from '../testing/planted.js';
import { readReference } from '../testing/reference.js';
import { anotherSet, comparePredictors } from './predictors.js';

const reference = readReference().predictors;

describe('predictors of OOD accuracy', () => {
  it('have the cross-validated R² of refits without each task', () => {
    const records = reference.y.map((y, at) =>
      record(`n${at}`, reference.x[at]![0]!, y, {
        task: `t${reference.task[at]}`,
        idMetrics: { accuracy: reference.x[at]![0]!, other: reference.x[at]![1]! },
      }),
    );
    const both = comparePredictors(records).find(({ predictors }) => predictors.length === 2)!;
    expect(both.predictors).toEqual(['accuracy', 'other']);
    expect(both.acrossTasks).toBeCloseTo(reference.r2, 10);
    expect(both.rows).toBe(60);
    expect(both.tasks).toBe(4);
  });

  it('find the metric that decides, and leave out what does not vary or is not known', () => {
    const source = stream(0, 'test');
    const records = Array.from({ length: 60 }, (_, at) => {
      const [x, noise] = [drawFloat53(source), drawFloat53(source)];
      return record(`n${at}`, noise, 0.2 + 0.5 * x, {
        task: at % 2 === 0 ? 's' : 't',
        idMetrics: { accuracy: noise, decisive: x, constant: 1, unknown: Number.NaN },
      });
    });
    const found = comparePredictors(records);
    const of = (name: string) => found.find(({ predictors }) => predictors.join() === name);
    expect(of('decisive')!.acrossTasks).toBeCloseTo(1, 9);
    expect(of('decisive')!.withinTasks).toBeCloseTo(1, 9);
    expect(of('accuracy')!.acrossTasks).toBeLessThan(0.1);
    expect(of('accuracy,decisive')!.acrossTasks).toBeCloseTo(1, 9);
    expect([of('constant'), of('unknown'), of(anotherSet)]).toEqual([undefined, undefined, undefined]);
  });

  it('use the accuracy on a further OOD set where there is one', () => {
    const records = Array.from({ length: 40 }, (_, at) => {
      const robust = ((7 * at) % 40) / 80;
      return ['b', 'c'].map((ood) => record(`n${at}`, 0.9, 0.2 + robust + (ood === 'c' ? 0.05 : 0), { ood }));
    }).flat();
    const found = comparePredictors(records);
    expect(found.map(({ predictors }) => predictors)).toEqual([[anotherSet]]);
    expect(found[0]!.withinTasks).toBeGreaterThan(0.85);
    expect(found[0]!.acrossTasks).toBeNaN();
    expect(found[0]!.rows).toBe(80);
  });
});
