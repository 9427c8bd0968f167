import { findCommunities } from '../../analysis/graphs/communities.js';
import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import type { CircuitFacts, LinkFacts } from '../../evaluation/circuits/facts.js';
import { initialParameters } from '../../models/initialise.js';
import { usualThreshold } from '../../models/nac/from-config.js';
import { densityOf } from '../../models/nac/priors/graph.js';
import { cosineDistances, degreesOf, type LinkTable } from '../../models/nac/pruning/read-links.js';
import { type CircuitContext, type OpenCircuit, openCircuit } from '../pruning/open-circuit.js';
import { linksOf } from '../pruning/trained-circuit.js';
import { observeAttention } from './observe-attention.js';

/** How many neighbours of a module are listed. */
const neighbours = 5;

/** Links before and after training, places and attention of a trained circuit's modules. Nothing is written. */
export async function observeCircuit(
  context: CircuitContext,
): Promise<Omit<CircuitFacts, 'run' | 'weights'>> {
  const circuit = await openCircuit(context);
  const { config, parameters, step } = circuit;
  const attention = await observeAttention(circuit, context);
  const nearest = (name: string) => {
    const rows = parameters[`design/processors/${name}`];
    return rows === undefined ? null : listNearest(rows);
  };
  return {
    schema: 1,
    step,
    processors: config.model.processors,
    links: describeLinks(circuit),
    nearest: {
      signature: config.model.links.by === 'none' ? null : nearest('signatures'),
      code: nearest('codes') ?? [],
    },
    ...attention,
  };
}

function describeLinks({ config, links, model }: OpenCircuit): CircuitFacts['links'] {
  if (links === undefined) return null;
  const { truncation } = config.model.links;
  // What a pruned circuit started from was another one.
  const initial = config.protocol.name === 'pruned' ? undefined : initialParameters(model, config.seed);
  const before = initial && linksOf(initial satisfies NamedArrays, config.model);
  return {
    truncation,
    threshold: truncation ?? usualThreshold,
    bandwidths: links.bandwidths,
    before: before === undefined ? null : describeTable(before),
    after: describeTable(links),
  };
}

function describeTable(links: LinkTable): LinkFacts {
  const { size, probabilities, graph } = links;
  const edges: (readonly [number, number])[] = [];
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) if (graph.adjacency[a * size + b] === 1) edges.push([a, b]);
  }
  return {
    probabilities: Array.from({ length: size }, (_, row) =>
      Array.from(probabilities.subarray(row * size, (row + 1) * size), round),
    ),
    edges,
    density: size > 1 ? densityOf(graph) : 0,
    degrees: Array.from(degreesOf(links), round),
    communities: findCommunities(probabilities, size),
  };
}

function listNearest({ shape: [size = 0, width = 0], data }: NamedArray): number[][] {
  const distances = cosineDistances(data, size, width);
  return Array.from({ length: size }, (_, module) => {
    const others = Array.from({ length: size }, (_, other) => other).filter((other) => other !== module);
    const from = (other: number) => distances[module * size + other]!;
    return others.sort((a, b) => from(a) - from(b) || a - b).slice(0, neighbours);
  });
}

function round(value: number): number {
  return Math.round(1e4 * value) / 1e4;
}
