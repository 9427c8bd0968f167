import * as tensorflow from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { differenceFromKnown, takeKnownStep, tolerance } from './known-step.js';

describe('the known step', () => {
  beforeAll(async () => {
    tensorflow.env().set('PROD', true);
    await tensorflow.setBackend('cpu');
  });

  it('gives the known numbers in plain JavaScript', () => {
    expect(differenceFromKnown(takeKnownStep(tensorflow))).toBeLessThan(tolerance / 10);
  });

  it('tells wrong numbers', () => {
    const result = takeKnownStep(tensorflow);
    expect(differenceFromKnown({ ...result, after: result.after + 1e-4 })).toBeGreaterThan(tolerance);
    expect(differenceFromKnown({ ...result, kernel: [] })).toBeNaN();
    expect(differenceFromKnown({ ...result, before: Number.NaN })).toBeNaN();
  });
});
