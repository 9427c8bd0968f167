import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { analysePeople } from './analyse.js';
import { type GroupCounts, takeGroups } from './counts.js';
import { definitions } from './definitions/catalogue.js';
import { countPeople } from './people.js';
import { ratesOf } from './rates.js';
import { makePeople, type Person } from './testing/people.js';

const groupNames = ['A', 'B', 'C'];
const counts = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.array(fc.nat(30), { minLength: 16, maxLength: 16 }))
  .map(([groups, cells]): GroupCounts => {
    const whole = Float64Array.from(cells.slice(0, 4 * groups));
    // Every group has somebody.
    for (let group = 0; group < groups; group++) whole[4 * group]! += 1;
    return { groups: ['A', 'B', 'C', 'D'].slice(0, groups), cells: whole };
  });
const person = fc.tuple(
  fc.integer({ min: 0, max: 2 }),
  fc.constantFrom<0 | 1>(0, 1),
  fc.integer({ min: 0, max: 20 }).map((score) => score / 20),
);

describe('every definition', () => {
  it('is a number of its range, or none, and inside its interval', () => {
    fc.assert(
      fc.property(counts, (table) => {
        for (const definition of definitions) {
          const rates = ratesOf(definition.pair ? takeGroups(table, [0, 1]) : table);
          const value = definition.compute(rates);
          const bounds = definition.bounds(rates, 0.95);
          if (bounds !== undefined) {
            expect(Number.isFinite(bounds.low) && Number.isFinite(bounds.high), definition.name).toBe(true);
            expect(bounds.low, definition.name).toBeLessThanOrEqual(bounds.high);
          }
          if (!Number.isFinite(value)) continue;
          const scale = definition.direction.startsWith('percent') ? 100 : 1;
          if (definition.direction.endsWith('ap')) expect(value, definition.name).toBeGreaterThan(-1e-12);
          if (definition.direction.toLowerCase().endsWith('share')) {
            expect(value, definition.name).toBeGreaterThan(-1e-12);
            expect(value, definition.name).toBeLessThan(scale + 1e-9);
          }
          if (bounds !== undefined) {
            expect(value, definition.name).toBeGreaterThan(bounds.low - 1e-9);
            expect(value, definition.name).toBeLessThan(bounds.high + 1e-9);
          }
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('is at parity where groups are alike', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 4, maxLength: 4 }), (cells) => {
        const rates = ratesOf({ groups: ['A', 'B'], cells: Float64Array.from([...cells, ...cells]) });
        for (const { name, direction, compute } of definitions) {
          const parity = {
            signed: 0,
            reversed: 0,
            gap: 0,
            percentGap: 0,
            ratio: 1,
            share: 1,
            percentShare: 100,
          };
          // Inequality between persons is no gap between groups.
          if (!(direction in parity) || /^(generalized|theil|coefficient)/.test(name)) continue;
          expect(compute(rates), name).toBeCloseTo(parity[direction as keyof typeof parity], 9);
        }
      }),
      { numRuns: 50, seed: 2 },
    );
  });

  it('says the same of people in another order', () => {
    fc.assert(
      fc.property(fc.array(person, { minLength: 1, maxLength: 40 }), fc.nat(1000), (people, seed) => {
        const options = { draws: 20, scoreDraws: 5 };
        const other = shuffle(stream(seed, 'order'), [...people] as Person[]);
        const whole = analysePeople(makePeople(groupNames, people), options);
        expect(analysePeople(makePeople(groupNames, other), options).sizes).toEqual(whole.sizes);
        expect(countPeople(makePeople(groupNames, other))).toEqual(
          countPeople(makePeople(groupNames, people)),
        );
        for (const { value, absent } of whole.measures) {
          expect(value === undefined ? absent !== undefined : Number.isFinite(value)).toBe(true);
        }
      }),
      { numRuns: 10, seed: 3 },
    );
  });
});
