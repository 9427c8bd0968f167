import type { CircuitFacts, LinkFacts, ObservedImage } from '../circuits/facts.js';
import { accuracyRow, speedRow } from '../circuits/pruning.js';
import type { RecordRow } from '../predictions.js';

/** Made-up but plausible facts of a circuit: the same ones every time. */
export function makeFacts(modules = 12, linked = true): CircuitFacts {
  const grid = [4, 4] as const;
  return {
    schema: 1,
    run: '0123456789',
    weights: 'abc',
    step: 100,
    processors: modules,
    links: linked
      ? {
          truncation: 0.9,
          threshold: 0.9,
          bandwidths: { propagator1: 1.1, 'read-out': 1.3 },
          before: makeLinks(modules, 2),
          after: makeLinks(modules, 3),
        }
      : null,
    nearest: { signature: linked ? makeNearest(modules, 1) : null, code: makeNearest(modules, 3) },
    grid,
    set: 'iid',
    examples: 64,
    centroids: Array.from({ length: modules }, (_, at) => [
      0.5 + 0.1 * Math.sin(at),
      0.5 + 0.08 * Math.cos(2.3 * at),
    ]),
    images: [0, 1, 2].map((example) => makeImage(example, modules, grid)),
  };
}

function makeLinks(modules: number, reach: number): LinkFacts {
  const isLinked = (a: number, b: number) => a === 0 || b === 0 || Math.abs(a - b) < reach;
  const edges: [number, number][] = [];
  for (let a = 0; a < modules; a++)
    for (let b = a + 1; b < modules; b++) if (isLinked(a, b)) edges.push([a, b]);
  const probabilities = Array.from({ length: modules }, (_, a) =>
    Array.from({ length: modules }, (_, b) =>
      a === b ? 1 : isLinked(a, b) ? 0.4 + 0.3 / (1 + Math.abs(a - b)) : 0,
    ),
  );
  return {
    probabilities,
    edges,
    density: (2 * edges.length) / (modules * (modules - 1)),
    degrees: probabilities.map((row) => row.reduce((sum, p) => sum + p, -1)),
    communities: Array.from({ length: modules }, (_, at) =>
      at === modules - 1 ? 2 : Math.floor((2 * at) / modules),
    ),
  };
}

function makeNearest(modules: number, step: number): number[][] {
  return Array.from({ length: modules }, (_, at) => [1, 2, 3].map((far) => (at + far * step) % modules));
}

function makeImage(
  example: number,
  modules: number,
  [rows, columns]: readonly [number, number],
): ObservedImage {
  const [width, height] = [8 * columns, 8 * rows];
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * (example + 3)) % 251);
  const attention = Uint8Array.from({ length: modules * rows * columns }, (_, at) =>
    at % (rows * columns) === (example + Math.floor(at / (rows * columns))) % (rows * columns) ? 255 : 40,
  );
  return {
    example,
    label: `shape=heart, hue=red <${example}>`,
    width,
    height,
    channels: 3,
    pixels: Buffer.from(pixels).toString('base64'),
    peaks: Array.from({ length: modules }, (_, at) => 0.3 + 0.05 * (at % 5)),
    attention: Buffer.from(attention).toString('base64'),
  };
}

/** Rows of pruned circuits of 10 processors on the sets `validation` and `mix`. */
export function makePruningRows(seed: number, orders: readonly string[] = ['degree', 'random']): RecordRow[] {
  const of = 10;
  const rows = ['validation', 'mix'].flatMap((set, at) => {
    const value = (kept: number, loss: number) =>
      0.95 - 0.1 * at - loss * (1 - kept / of) ** 2 + 0.01 * Math.sin(seed + kept);
    return [
      accuracyRow(set, { order: 'whole', draw: 0, kept: of, of }, value(of, 0), 100),
      ...orders.flatMap((order) =>
        [5, 2].flatMap((kept) =>
          Array.from({ length: order === 'random' ? 3 : 1 }, (_, draw) =>
            accuracyRow(
              set,
              { order, draw, kept, of },
              value(kept, order === 'random' ? 0.4 + 0.05 * draw : 0.2),
              100,
            ),
          ),
        ),
      ),
    ];
  });
  return [...rows, ...[of, 5, 2].map((kept) => speedRow(kept, of, 3000 / (0.2 + kept / of), 64))];
}
