import { describe, expect, it } from 'vitest';
import { rowKey } from '../../analysis/records.js';
import { scorePredictions } from '../index.js';
import type { PredictionsTable } from '../predictions.js';

/** Eight rows with two targets: `shape` of three classes, `hue` of two; the last two rows are of the set `ood`. */
const shape = [0, 0, 1, 1, 2, 2, 0, 1];
const hue = [0, 1, 0, 1, 0, 1, 1, 1];
const shapeAnswers = [0, 0, 1, 1, 2, 0, 1, 0];
const hueAnswers = [0, 1, 0, 0, 0, 1, 1, 0];
/** A logit for the answer, zero for the others. */
const answer = (answers: readonly number[], classes: number, logit: number) =>
  Float32Array.from(
    answers.flatMap((chosen) => Array.from({ length: classes }, (_, at) => (at === chosen ? logit : 0))),
  );
const table: PredictionsTable = {
  example: Uint32Array.from(shape, (_, row) => row),
  set: shape.map((_, row) => (row < 6 ? 'iid' : 'ood')),
  held: shape.map(() => ''),
  variables: { shape: Uint16Array.from(shape), hue: Uint16Array.from(hue) },
  targets: {},
  predictions: {},
  logits: { shape: answer(shapeAnswers, 3, 2), hue: answer(hueAnswers, 2, 1) },
  context: {
    variance: {},
    levels: {},
    names: { shape: ['square', 'ellipse', 'heart'], hue: ['red', 'blue'] },
    held: {},
  },
};
const score = (metric: string, groups?: readonly (readonly string[])[]) =>
  Object.fromEntries(
    scorePredictions(table, [metric], { groups }).map(({ set, group, value, n }) => [
      rowKey(set, group),
      [value, n],
    ]),
  );

describe('metrics of classes', () => {
  it('accuracy is per target, their mean, and all at once', () => {
    expect(score('accuracy')).toEqual({
      iid: [5 / 6, 6],
      'iid target=shape': [5 / 6, 6],
      'iid target=hue': [5 / 6, 6],
      'iid targets=all': [4 / 6, 6],
      ood: [0.25, 2],
      'ood target=shape': [0, 2],
      'ood target=hue': [0.5, 2],
      'ood targets=all': [0, 2],
    });
  });

  it('answers only with classes that a set has, on request', () => {
    // The set ood has no heart and no red: hue is right by necessity, shape still answers with the other one of two.
    const rows = scorePredictions(table, ['accuracy', 'cross_entropy'], { present_classes_only: true });
    const found = Object.fromEntries(
      rows.map(({ set, metric, group, value }) => [`${metric} ${rowKey(set, group)}`, value]),
    );
    expect(found['accuracy iid']).toBe(5 / 6);
    expect(found['accuracy ood target=hue']).toBe(1);
    expect(found['accuracy ood target=shape']).toBe(0);
    expect(found['cross_entropy ood target=hue']).toBe(0);
    expect(found['cross_entropy ood target=shape']).toBeCloseTo(2 + Math.log(1 + Math.exp(-2)), 12);
    expect(table.logits!.hue!.every((logit) => logit >= 0)).toBe(true);
  });

  it('accuracy by groups of one or several variables', () => {
    const found = score('accuracy', [['shape'], ['shape', 'hue']]);
    expect(found['iid by=shape group=square']).toEqual([1, 2]);
    expect(found['iid by=shape group=ellipse']).toEqual([0.75, 2]);
    expect(found['iid by=shape+hue group=heart+blue']).toEqual([0.5, 1]);
    expect(found['ood by=shape group=heart']).toBeUndefined();
  });

  it('the worst group, of the mean and of each target', () => {
    const found = score('worst_group_accuracy', [['hue']]);
    expect(found['iid by=hue']).toEqual([(2 / 3 + 2 / 3) / 2, 3]);
    expect(found['iid by=hue target=shape']).toEqual([2 / 3, 3]);
    expect(found['ood by=hue']).toEqual([0.25, 2]);
    expect(score('worst_group_accuracy')).toEqual({});
  });

  it('cross-entropy is that of the softmax, in nats', () => {
    const right = (logit: number, others: number) => Math.log(Math.exp(logit) + others) - logit;
    const wrong = (logit: number, others: number) => Math.log(Math.exp(logit) + others);
    const found = score('cross_entropy');
    expect(found['iid target=shape']![0]).toBeCloseTo((5 * right(2, 2) + wrong(2, 2)) / 6, 12);
    expect(found['ood target=hue']![0]).toBeCloseTo((right(1, 1) + wrong(1, 1)) / 2, 12);
    expect(found.iid![0]).toBeCloseTo(
      (found['iid target=shape']![0]! + found['iid target=hue']![0]!) / 2,
      12,
    );
  });

  it('calibration error is the distance of accuracy and confidence, bin by bin', () => {
    const found = score('calibration_error');
    const confidence = Math.exp(2) / (Math.exp(2) + 2);
    // All rows have one confidence, and so fall into one bin.
    expect(found['iid target=shape']![0]).toBeCloseTo(Math.abs(5 / 6 - confidence), 6);
    const sure = { ...table, logits: { shape: answer(shape, 3, 50) } };
    expect(scorePredictions(sure, ['calibration_error'])[0]!.value).toBeCloseTo(0, 12);
    const unsure = { ...table, logits: { shape: answer(shape, 3, 0) } };
    // Every class has a third; the first is answered, and is right in 2 of 6 rows.
    expect(scorePredictions(unsure, ['calibration_error'])[0]!.value).toBeCloseTo(0, 12);
  });

  it('have no rows where there are no classes, and refuse what they cannot score', () => {
    const { logits: _none, ...numeric } = table;
    const names = ['accuracy', 'cross_entropy', 'calibration_error', 'worst_group_accuracy'];
    expect(scorePredictions(numeric, names, { groups: [['hue']] })).toEqual([]);
    expect(
      scorePredictions(table, ['r2', 'mse', 'mean_ratio']).filter(({ value }) => !Number.isFinite(value)),
    ).toEqual([]);
    expect(() => score('accuracy', [['colour']])).toThrow("no variable 'colour' to group by");
    const broken = { ...table, logits: { shape: new Float32Array(24).fill(Number.NaN) } };
    expect(() => scorePredictions(broken, ['accuracy'])).toThrow(
      '24 of 24 predictions of shape are not finite',
    );
  });
});
