import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBatches } from './batches.js';
import { countUp } from './draw.js';

describe('makeBatches', () => {
  it('visits every example once per epoch and fills every batch across its end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        (size, batchSize, seed) => {
          const batches = makeBatches(countUp(size), batchSize, seed);
          const drawn: number[] = [];
          for (let step = 0; drawn.length < 3 * size; step++) {
            const batch = batches(step);
            expect(batch.length).toBe(batchSize);
            drawn.push(...batch);
          }
          for (let epoch = 0; epoch < 3; epoch++) {
            const seen = drawn.slice(epoch * size, (epoch + 1) * size);
            expect(seen.toSorted((a, b) => a - b)).toEqual([...countUp(size)]);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives a step the same batch in whatever order steps are asked for', () => {
    const examples = Uint32Array.from({ length: 103 }, (_, i) => 7 * i);
    const inOrder = makeBatches(examples, 16, 9);
    const first = Array.from({ length: 30 }, (_, step) => [...inOrder(step)]);
    const resumed = makeBatches(examples, 16, 9);
    for (const step of [29, 3, 17, 0, 6, 7, 28]) expect([...resumed(step)]).toEqual(first[step]);
    expect([...makeBatches(examples, 16, 10)(0)]).not.toEqual(first[0]);
  });

  it('leaves the set as it was, and refuses an empty one', () => {
    const examples = countUp(10);
    makeBatches(examples, 4, 0)(5);
    expect(examples).toEqual(countUp(10));
    expect(() => makeBatches(new Uint32Array(0), 4, 0)).toThrow(RangeError);
    expect(() => makeBatches(examples, 0, 0)).toThrow(RangeError);
  });

  it('repeats each example one after the other', () => {
    const examples = Uint32Array.from({ length: 10 }, (_, at) => at + 100);
    const [once, thrice] = [makeBatches(examples, 4, 5), makeBatches(examples, 12, 5, 3)];
    for (const step of [0, 3]) {
      expect([...thrice(step)]).toEqual([...once(step)].flatMap((example) => [example, example, example]));
    }
    expect(() => makeBatches(examples, 8, 5, 3)).toThrow('3 does not divide a batch of 8');
  });
});
