import { join } from 'node:path';
import type { HeadScores } from '../../src/analysis/fairness/decisions.js';
import { describePeople, type People } from '../../src/analysis/fairness/people.js';
import { searchCuts, searchHeads } from '../../src/analysis/fairness/search/search.js';
import { drawPeople } from '../../src/analysis/fairness/testing/populations.js';
import { monotonicSeconds } from '../../src/core/clock.js';
import { fromRoot } from '../../src/core/files/paths.js';
import { renderSvg, writeFigure } from '../../src/figures/render.js';
import { type BenchRow, describeTimes, medianOf } from './row.js';
import { drawScaling } from './scaling-figure.js';

const usual = 50_000;
const counts = [6_250, 12_500, 25_000, 50_000, 100_000, 200_000, 400_000];

/**
 * The search over f + b g + c > 0: one value of b, all of them, and how time grows with the number of people, which is also
 * drawn: results/bench/search-scaling.{svg,png}.
 */
export async function benchFairness(): Promise<BenchRow[]> {
  const { heads, people } = drawPeople(counts.at(-1)!, 0);
  const first = (count: number) => ({
    heads: { f: heads.f.subarray(0, count), g: heads.g.subarray(0, count) },
    people: describePeople(people.y.subarray(0, count), people.a.subarray(0, count)),
  });
  const fifty = first(usual);
  const name = 'search for fair heads, 50,000 people';
  const search = (slacks?: readonly number[]) => () =>
    void searchHeads(fifty.heads, fifty.people, slacks === undefined ? {} : { slacks });
  const { tried } = searchHeads(fifty.heads, fifty.people, { slacks: [0.01] });
  const rows: BenchRow[] = [
    { name: `${name}, one value of b`, ...timeCuts(fifty, 40), goal: '< 5 ms' },
    {
      name: `${name}, one slack`,
      ...describeTimes(timeOf(search([0.01]), 3), 's'),
      goal: '< 1 s',
      note: `${tried} values of b`,
    },
    { name: `${name}, front of 21 slacks`, ...describeTimes(timeOf(search(), 2), 's') },
  ];
  // After what was warmed up by the others.
  const series = counts.map((count) => ({ count, times: timeCuts(first(count), 9) }));
  await drawSeries(series);
  return [...rows, ...scale(series)];
}

type Times = ReturnType<typeof timeCuts>;

async function drawSeries(series: readonly { readonly count: number; readonly times: Times }[]) {
  const points = series.map(({ count, times }) => ({ count, ...times }));
  const svg = await renderSvg(drawScaling(points, 'all cuts of one b', 'ms'));
  await writeFigure(fromRoot(join('results', 'bench')), 'search-scaling', svg);
}

/** One row for each number of people; the last says with which power of n the time grows. */
function scale(series: readonly { readonly count: number; readonly times: Times }[]): BenchRow[] {
  const x = series.map(({ count }) => Math.log(count));
  const y = series.map(({ times }) => Math.log(medianOf(times.raw)));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const power =
    x.reduce((sum, value, k) => sum + (value - meanX) * (y[k]! - meanY), 0) /
    x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  return series.map(({ count, times }, index) => ({
    name: `one value of b, ${count.toLocaleString('en-US')} people`,
    ...times,
    note: [
      `${((medianOf(times.raw) * 1e6) / (count * Math.log2(count))).toFixed(2)} ns × n log2 n`,
      ...(index === series.length - 1 ? [`grows as n to the power of ${power.toFixed(2)}`] : []),
    ].join('; '),
  }));
}

/** Milliseconds for all cuts of one b, a different one each time. */
function timeCuts({ heads, people }: { heads: HeadScores; people: People }, repeats: number) {
  const values = Array.from({ length: repeats }, (_, k) => -k / repeats);
  for (const b of values.slice(0, 5)) searchCuts(heads, people, b);
  const raw = values.flatMap((b) => timeOf(() => void searchCuts(heads, people, b), 1));
  return describeTimes(
    raw.map((seconds) => 1000 * seconds),
    'ms',
  );
}

function timeOf(run: () => void, repeats: number): number[] {
  return Array.from({ length: repeats }, () => {
    const start = monotonicSeconds();
    run();
    return monotonicSeconds() - start;
  });
}
