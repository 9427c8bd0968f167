import { describe, expect, it } from 'vitest';
import { drawBelow, stream } from '../../random/stream.js';
import { bootstrapCounts } from './bootstrap.js';
import { countGroups, type GroupCounts } from './counts.js';
import { definitions, findDefinition } from './definitions/catalogue.js';
import { type Measure, percent } from './measures/measure.js';
import { countPeople } from './people.js';
import { createRates, fillRates } from './rates.js';
import { drawPeople, makePeople, sexes, twelve } from './testing/people.js';

const names = [
  'demographic_parity',
  'equal_opportunity',
  'predictive_parity_gap',
  'disparate_impact',
  'equalized_odds_max',
  'theil_index',
];
const measures = names.map(findDefinition);

describe('the bootstrap of counts', () => {
  const people = drawPeople(stream(5, 'people'), 400);
  const counts = countPeople(people);
  const draws = 6000;

  it('has the distribution of resampling people within their groups', () => {
    const source = stream(1, 'cells');
    const [drawn] = bootstrapCounts(counts, [{ groups: [0, 1], measures }], { draws, level: 0.9, source });
    const members = [0, 1].map((group) =>
      [...people.group.keys()].filter((person) => people.group[person] === group),
    );
    const other = stream(2, 'people');
    const values = measures.map(() => new Float64Array(draws));
    const rates = createRates(2);
    for (let draw = 0; draw < draws; draw++) {
      const chosen = members.flatMap((own) => own.map(() => own[drawBelow(other, own.length)]!));
      const pick = (column: Uint8Array | Uint16Array) => chosen.map((person) => column[person]!);
      const again = countGroups(sexes, pick(people.truth), pick(people.decision), pick(people.group));
      fillRates(rates, again.cells);
      measures.forEach((measure, at) => {
        values[at]![draw] = measure.compute(rates);
      });
    }
    for (const [at, own] of values.entries()) {
      const sorted = own.sort();
      const low = sorted[Math.round(0.05 * draws)]!;
      const high = sorted[Math.round(0.95 * draws)]!;
      // A quantile of 6000 draws is known to about 3 % of the interval's width.
      const tolerance = 0.05 * (high - low);
      const { interval } = drawn![at]!;
      expect(Math.abs(interval!.low - low), names[at]).toBeLessThan(tolerance);
      expect(Math.abs(interval!.high - high), names[at]).toBeLessThan(tolerance);
    }
  });

  it('is the same again, whatever else is measured with it', () => {
    const run = (chosen: readonly Measure[]) =>
      bootstrapCounts(counts, [{ groups: [0, 1], measures: chosen }], {
        draws: 200,
        level: 0.95,
        source: stream(1, 'same'),
      })[0]!;
    expect(run(measures)).toEqual(run(measures));
    expect(run(measures.slice(1))).toEqual(run(measures).slice(1));
    const inPercent = run([...measures, percent(measures[0]!)]);
    expect(inPercent.at(-1)!.interval!.low).toBeCloseTo(100 * inPercent[0]!.interval!.low, 9);
  });

  it('counts draws without a value, and gives no interval where they are many', () => {
    const few = countPeople(makePeople(sexes, twelve));
    const [drawn] = bootstrapCounts(
      few,
      [{ groups: [0, 1], measures: [findDefinition('equal_opportunity')] }],
      {
        draws: 2000,
        level: 0.95,
        source: stream(3, 'few'),
      },
    );
    // Nobody of the positive class among women: (3/5)^5; among men: (3/7)^7.
    expect(drawn![0]!.lacking / 2000).toBeCloseTo(0.6 ** 5 + (3 / 7) ** 7, 1);
    expect(drawn![0]!.interval).toBeUndefined();
  });

  it('draws ten thousand times from fifteen thousand people in seconds, with every definition', () => {
    const many: GroupCounts = {
      groups: sexes,
      cells: Float64Array.of(4200, 280, 360, 160, 5600, 900, 1300, 2200),
    };
    const since = process.cpuUsage();
    const views = [{ groups: [0, 1], measures: definitions }];
    bootstrapCounts(many, views, { draws: 10_000, level: 0.95, source: stream(4, 'many') });
    // Of this process, which may share its core.
    expect(process.cpuUsage(since).user / 1e6).toBeLessThan(5);
  });
});
