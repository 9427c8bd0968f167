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

  it('has every stratum by its share in every batch, and visits every example once per epoch', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        (marks, batchSize, seed) => {
          const strata = marks.map(Number);
          const size = strata.length;
          const share = strata.filter((stratum) => stratum === 1).length / size;
          const batches = makeBatches(countUp(size), batchSize, seed, { strata });
          const drawn: number[] = [];
          for (let step = 0; drawn.length < 3 * size; step++) {
            const batch = [...batches(step)];
            const found = batch.filter((example) => marks[example]).length;
            expect(Math.abs(found - share * batchSize)).toBeLessThanOrEqual(1);
            drawn.push(...batch);
          }
          for (let epoch = 0; epoch < 3; epoch++) {
            const seen = drawn.slice(epoch * size, (epoch + 1) * size);
            expect(seen.toSorted((a, b) => a - b)).toEqual([...countUp(size)]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has several strata by their shares, drawn anew in every epoch, in whatever order steps are asked for', () => {
    const strata = Array.from({ length: 103 }, (_, at) => (at % 10 === 0 ? 2 : at % 3 === 0 ? 1 : 0));
    const examples = Uint32Array.from(strata, (_, at) => at + 500);
    const inOrder = makeBatches(examples, 16, 9, { strata });
    const first = Array.from({ length: 30 }, (_, step) => [...inOrder(step)]);
    const resumed = makeBatches(examples, 16, 9, { strata });
    for (const step of [29, 3, 17, 0, 6, 7, 28]) expect([...resumed(step)]).toEqual(first[step]);
    for (const batch of first) {
      for (const stratum of [0, 1, 2]) {
        const share = strata.filter((each) => each === stratum).length / strata.length;
        const found = batch.filter((example) => strata[example - 500] === stratum).length;
        expect(Math.abs(found - 16 * share)).toBeLessThan(1.5);
      }
    }
    const epochs = [0, 1].map((epoch) => first.flat().slice(103 * epoch, 103 * (epoch + 1)));
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect([...makeBatches(examples, 16, 10, { strata })(0)]).not.toEqual(first[0]);
    const repeated = makeBatches(examples, 32, 9, { strata, repeats: 2 })(5);
    expect([...repeated].filter((_, at) => at % 2 === 0)).toEqual(first[5]);
  });

  it('repeats each example one after the other', () => {
    const examples = Uint32Array.from({ length: 10 }, (_, at) => at + 100);
    const [once, thrice] = [makeBatches(examples, 4, 5), makeBatches(examples, 12, 5, { repeats: 3 })];
    for (const step of [0, 3]) {
      expect([...thrice(step)]).toEqual([...once(step)].flatMap((example) => [example, example, example]));
    }
    expect(() => makeBatches(examples, 8, 5, { repeats: 3 })).toThrow('3 does not divide a batch of 8');
  });
});
