import { describe, expect, it } from 'vitest';
import { stream } from '../../../random/stream.js';
import { pearson } from '../statistics/correlation.js';
import { drawNormal, record } from '../testing/planted.js';
import { largestDifference, readReference } from '../testing/reference.js';
import { analyseFactors, factorVariables } from './factor-analysis.js';
import { chanceEigenvalues } from './parallel-analysis.js';
import { rotatePromax, rotateVarimax } from './rotate.js';
import { standardise } from './variables.js';

const reference = readReference();
const { data, eigenvalues, communalities, varimax, promax, phi } = reference.factors;
const table = (rows: readonly (readonly number[])[]) => ({
  names: rows[0]!.map((_, at) => `v${at}`),
  data: Float64Array.from(rows.flat()),
  ...{ rows: rows.length, networks: rows.length, left: [] },
});

describe('factors', () => {
  const found = factorVariables(table(data), { factors: 3 })!;

  it('are those of principal axes, varimax and promax written in numpy', () => {
    expect(largestDifference(found.eigenvalues, eigenvalues)).toBeLessThan(1e-9);
    expect(largestDifference(found.extraction.communalities, communalities)).toBeLessThan(1e-7);
    expect(largestDifference(found.varimax.loadings, varimax.flat())).toBeLessThan(1e-6);
    expect(largestDifference(found.promax.loadings, promax.flat())).toBeLessThan(1e-6);
    expect(largestDifference(found.promax.correlations, phi.flat())).toBeLessThan(1e-6);
    expect(found.extraction).toMatchObject({ converged: true, heywood: false });
  });

  it('explain as much after a rotation as before', () => {
    const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
    expect(sum(found.varimax.explained)).toBeCloseTo(sum(found.extraction.communalities), 9);
    const [first, ...others] = found.varimax.explained;
    expect(first).toBeGreaterThanOrEqual(Math.max(...others));
  });

  it('are the same ones after promax, in place and sign', () => {
    // Signs of a factor that nearly balance: the oblique one sums to the other side.
    const factors = 2;
    const planted = [0.9, 0.1, 0.8, 0.4, -0.7, 0.3, -0.95, 0.25, 0.2, 0.8, 0.1, 0.7, 0.5, 0.6];
    const size = planted.length / factors;
    const varimax = rotateVarimax(Float64Array.from(planted), size, factors);
    const promax = rotatePromax(varimax, size, factors);
    for (let factor = 0; factor < factors; factor++) {
      const own = (loadings: Float64Array) => loadings.filter((_, at) => at % factors === factor);
      expect(pearson(own(varimax.loadings), own(promax.loadings))).toBeGreaterThan(0.9);
    }
  });

  it('are as many as were planted, of 30 metrics by 5,000 networks in less than two seconds', () => {
    const source = stream(0, 'speed');
    const [size, rows] = [30, 5000];
    const values = new Float64Array(rows * size);
    for (let row = 0; row < rows; row++) {
      const own = [drawNormal(source), drawNormal(source), drawNormal(source), drawNormal(source)];
      for (let at = 0; at < size; at++) values[row * size + at] = own[at % 4]! + 0.7 * drawNormal(source);
    }
    const names = Array.from({ length: size }, (_, at) => `v${at}`);
    const started = process.cpuUsage();
    const { factors } = factorVariables({ names, data: values, rows, networks: rows, left: [] })!;
    const { user, system } = process.cpuUsage(started);
    expect(factors).toBe(4);
    expect((user + system) / 1e6).toBeLessThan(2);
  });
});

describe('chance', () => {
  it('reaches the eigenvalues that drawn data have', () => {
    const { size, rows, at } = reference.chance;
    const found = chanceEigenvalues(size, rows, stream(1, 'chance'), { draws: 4000 });
    expect(largestDifference(found, at)).toBeLessThan(0.02);
  });
});

describe('variables', () => {
  /** Two tasks at different levels, with a metric that is constant, one that repeats another and one often unknown. */
  const records = Array.from({ length: 24 }, (_, at) => {
    const [task, level] = at % 2 === 0 ? ['s', 0.1] : ['t', 0.6];
    const own = ((at * 7) % 24) / 100;
    return record(`n${at}`, 0, 0, {
      task: task as string,
      idMetrics: { accuracy: (level as number) + own, error: 1 - own - (level as number), constant: 3 },
      oodMetrics: { accuracy: (level as number) + ((at * 5) % 24) / 90, rare: at < 6 ? at : Number.NaN },
    });
  });

  it('are standardised within their task, and left out with a reason', () => {
    const { names, data: values, rows, left } = standardise(records);
    expect(names).toEqual(['ID accuracy', 'OOD accuracy']);
    expect(left).toEqual([
      { name: 'OOD rare', reason: 'too few values' },
      { name: 'ID error', reason: 'repeats another' },
      { name: 'ID constant', reason: 'constant' },
    ]);
    for (const parity of [0, 1]) {
      const own = Array.from({ length: rows / 2 }, (_, row) => values[(2 * row + parity) * 2]!);
      expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
      expect(own.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(12, 10);
    }
    expect(analyseFactors(records)).toBeUndefined();
  });
});
