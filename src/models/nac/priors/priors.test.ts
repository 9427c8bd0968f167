import { grads, type Scalar, scalar, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BackendName, randomValues, runOn, startBoth } from '../../../engine/testing/backends.js';
import { stream } from '../../../random/stream.js';
import { distances, linkProbabilities } from '../links/links.js';
import { alignGraphon } from './align-graphon.js';
import { fitSignatures, fittedSignatures } from './fit-signatures.js';
import { densityOf, drawGraph, type GraphPrior } from './graph.js';
import { blockGraphon, ringGraphon, scaleFreeGraphon } from './graphon.js';
import { graphonLoss, repulsionLoss } from './losses.js';
import { drawOrthogonal } from './orthogonal.js';

beforeAll(startBoth);

const draw = (prior: GraphPrior, size: number, seed = 1) => drawGraph(prior, size, stream(seed, 'graph'));
const planted = { kind: 'planted-partition', groups: 8, within: 0.9, between: 0.2 } as const;
const degrees = (adjacency: Uint8Array, size: number) =>
  Array.from({ length: size }, (_, row) =>
    adjacency.subarray(row * size, (row + 1) * size).reduce((sum, edge) => sum + edge, 0),
  );

describe('graphs', () => {
  it.each([
    [{ kind: 'scale-free', links: 2 }, 508 / 32640, 10],
    [planted, 0.285, 2],
    [{ kind: 'ring-of-cliques', cliques: 8 }, (8 * 496 + 8) / 32640, 10],
    [{ kind: 'random', probability: 0.1 }, 0.1, 2],
  ] as const)('%j have their density, no loops, and are symmetric', (prior, density, digits) => {
    const graph = draw(prior, 256);
    expect(densityOf(graph)).toBeCloseTo(density, digits);
    for (let a = 0; a < 256; a++) {
      expect(graph.adjacency[a * 257]).toBe(0);
      for (let b = 0; b < a; b++) expect(graph.adjacency[a * 256 + b]).toBe(graph.adjacency[b * 256 + a]);
    }
    expect(draw(prior, 256)).toEqual(graph);
  });

  it('of preferential attachment have hubs, and no node with fewer links than it came with', () => {
    const { adjacency } = draw({ kind: 'scale-free', links: 2 }, 256);
    const found = degrees(adjacency, 256).sort((a, b) => b - a);
    expect(found[0]).toBeGreaterThan(20);
    expect(found.at(-2)).toBeGreaterThanOrEqual(2);
  });

  it('refuse groups that do not divide them', () => {
    expect(() => draw({ kind: 'ring-of-cliques', cliques: 5 }, 64)).toThrow('5 equal groups');
    expect(() => draw({ kind: 'scale-free', links: 4 }, 4)).toThrow(RangeError);
  });
});

describe('signatures', () => {
  it.each([
    [12, 5],
    [5, 12],
  ])('start orthogonal, %i x %i', (rows, columns) => {
    const q = drawOrthogonal(rows, columns, stream(1, 'q'));
    const count = Math.min(rows, columns);
    const at = (vector: number, i: number) =>
      rows >= columns ? q[i * columns + vector]! : q[vector * columns + i]!;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        const product = Array.from({ length: Math.max(rows, columns) }, (_, i) => at(a, i) * at(b, i));
        expect(product.reduce((sum, value) => sum + value)).toBeCloseTo(a === b ? 1 : 0, 12);
      }
    }
  });

  it.each([
    { kind: 'scale-free', links: 2 },
    { kind: 'planted-partition', groups: 8, within: 0.9, between: 0.05 },
    { kind: 'ring-of-cliques', cliques: 8 },
    { kind: 'random', probability: 0.1 },
  ] as const)('are fitted to %j, so that truncated links are nearly that graph', (prior) => {
    const size = 64;
    const source = stream(3, 'fit');
    const graph = draw(prior, size, 3);
    const since = process.cpuUsage();
    const signatures = fitSignatures(graph, drawOrthogonal(size, 16, source), 0.9);
    expect(process.cpuUsage(since).user / 1e6).toBeLessThan(3);
    let wrong = 0;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) {
        const [one, other] = [a, b].map((row) => signatures.subarray(16 * row, 16 * row + 16));
        const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
        const distance = 1 - dot(one!, other!) / Math.sqrt(dot(one!, one!) * dot(other!, other!));
        const edge = graph.adjacency[a * size + b] === 1;
        if (edge ? distance > 0.905 : distance < 0.895) wrong++;
      }
    }
    expect(wrong / ((size * (size - 1)) / 2)).toBeLessThan(0.02);
  });

  it('come from the stream of their parameter alone', () => {
    const { compute } = fittedSignatures({ kind: 'random', probability: 0.1 }, 0.9) as {
      compute(source: ReturnType<typeof stream>, shape: readonly number[]): Float32Array;
    };
    const [one, again, other] = [1, 1, 2].map((seed) => compute(stream(seed, 'init', 's'), [16, 4]));
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });
});

const wave = (rows: number, phase: number) =>
  tensor(
    Float32Array.from({ length: 3 * rows }, (_, n) => 0.3 * Math.sin(1.7 * n + phase)),
    [rows, 3],
  );

describe.each(['wasm', 'cpu'] as const)(
  "regularisers have the numbers of the authors' code, on %s",
  (backend) => {
    it.each([
      ['blocks', blockGraphon(6, 3, 0.9, 0.05), 'squared', 0.106855682],
      ['blocks', blockGraphon(6, 3, 0.9, 0.05), 'divergence', 0.494960192],
      ['scale-free', scaleFreeGraphon(6), 'squared', 0.27571089],
      ['ring', ringGraphon(6, 3, 0.9, 0.05), 'squared', 0.14504566],
    ] as const)('%s, %s', (_, graphon, measure, expected) => {
      const [found] = runOn(backend, () => {
        const links = linksOf(wave(6, 0.9));
        const aligned = tensor(alignGraphon(graphon, links.dataSync()), [6, 6]);
        return graphonLoss(links, aligned, measure);
      });
      expect(found!.data[0]).toBeCloseTo(expected, 6);
    });

    it('repulsion', () => {
      const [found] = runOn(backend as BackendName, () =>
        repulsionLoss([wave(6, 0.9), wave(2, 1.8), wave(2, 2.7)], 0.6),
      );
      expect(found!.data[0]).toBeCloseTo(-4.168039425, 5);
    });
  },
);

it('repulsion moves close signatures apart, and leaves distant ones', () => {
  const [gradient] = runOn('wasm', () =>
    grads(((s: Tensor) => repulsionLoss([s], 0.6) as Scalar) as never)([
      tensor([1, 0, 0, 1, 0.5, 0, 0, 0, 1], [3, 3]),
    ]),
  );
  const [first, second, third] = [0, 1, 2].map((row) => [...gradient!.data.slice(3 * row, 3 * row + 3)]);
  expect(first![1]).toBeGreaterThan(0.1);
  expect(second![1]).toBeLessThan(-0.1);
  expect(third!.map(Math.abs)).toEqual([0, 0, 0]);
});

describe('an aligned graphon', () => {
  const graphon = blockGraphon(9, 3, 0.9, 0.05);

  it('stays as it is where modules are in its order', () => {
    expect(alignGraphon(graphon, graphon.probabilities)).toEqual(Float32Array.from(graphon.probabilities));
  });

  it('stays as it is where links are no numbers, since training diverged', () => {
    const links = Float64Array.from(graphon.probabilities).fill(Number.NaN, 10, 20);
    expect(alignGraphon(graphon, links)).toEqual(Float32Array.from(graphon.probabilities));
  });

  it('fits at least as well as before, by the rows of the links alone', () => {
    const links = randomValues(81, 3).map(Math.abs);
    const aligned = alignGraphon(graphon, links);
    expect([...aligned].sort()).toEqual([...Float32Array.from(graphon.probabilities)].sort());
    const hub = alignGraphon(scaleFreeGraphon(3), [0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.2, 0.3, 0.2]);
    expect(hub[4]).toBe(Math.max(...hub));
  });
});

function linksOf(signatures: Tensor): Tensor {
  return linkProbabilities(distances(signatures, signatures), scalar(1), { truncation: null });
}
