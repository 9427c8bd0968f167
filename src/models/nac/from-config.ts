import type { ExperimentConfig } from '../../config/schema/root.js';
import { regularisersOf } from '../../config/schema/sections/nac.js';
import type { Initializer } from '../model.js';
import { standardNormal } from './design/design.js';
import type { LinkOptions } from './links/link-kernel.js';
import type { NacOptions } from './nac.js';
import { fittedSignatures } from './priors/fit-signatures.js';
import type { GraphPrior } from './priors/graph.js';
import { blockGraphon, type Graphon, ringGraphon, scaleFreeGraphon } from './priors/graphon.js';
import type { Regulariser } from './priors/penalty.js';

type NacConfig = Extract<ExperimentConfig['model'], { name: 'nac' }>;

/** The options of a circuit as a config names them. */
export function nacOptions(config: NacConfig): NacOptions {
  const attention = { heads: config.heads, headWidth: config.head_width };
  const { stem_channels, channels, positions, blocks } = config.tokens;
  return {
    width: config.width,
    signatureWidth: config.signature_width,
    processors: config.processors,
    readOuts: config.read_outs,
    condition: config.condition,
    inputs: config.inputs,
    inputModules: config.input_modules,
    codeNoise: config.code_noise,
    layers: config.layers,
    readIn: attention,
    propagators: attention,
    readOut: attention,
    expansion: config.expansion,
    modulated: config.modulated,
    links: linkOptions(config),
    signatures: initialSignatures(config),
    learned: { codes: config.train_codes, signatures: config.train_signatures },
    regulariser: regulariserOf(config),
    layerScale: config.layer_scale,
    dropPath: config.drop_path,
    pooling: config.pooling,
    tokenizer: { channels: [stem_channels, channels], positions, blocks },
  };
}

function linkOptions({ links }: NacConfig): LinkOptions | undefined {
  if (links.by === 'none') return undefined;
  return {
    truncation: links.truncation,
    temperature: links.by === 'signatures' ? null : links.temperature,
    learnBandwidth: links.learn_bandwidth,
  };
}

/** The distance that parts the edges of a fitted graph from its other pairs, where links are not truncated. */
export const usualThreshold = 0.9;

function initialSignatures({ prior, links }: NacConfig): Initializer {
  const graph = graphPrior(prior);
  return graph === undefined ? standardNormal : fittedSignatures(graph, links.truncation ?? usualThreshold);
}

function graphPrior({ graph, ...numbers }: NacConfig['prior']): GraphPrior | undefined {
  switch (graph) {
    case 'scale_free':
      return { kind: 'scale-free', links: numbers.links };
    case 'planted_partition': {
      const { groups, within, between } = numbers;
      return { kind: 'planted-partition', groups, within, between };
    }
    case 'ring_of_cliques':
      return { kind: 'ring-of-cliques', cliques: numbers.groups };
    case 'random':
      return { kind: 'random', probability: numbers.density };
    case 'none':
      return undefined;
  }
}

function regulariserOf(config: NacConfig): Regulariser {
  const { graphon, repulsion } = config.prior;
  const chosen = regularisersOf(config);
  const target = chosen.includes('graphon') ? graphonOf(config) : undefined;
  return {
    ...(target && { graphon: { target, measure: measures[graphon.measure], weight: graphon.weight } }),
    ...(chosen.includes('repulsion') && { repulsion }),
  };
}

const measures = { mse: 'squared', kl: 'divergence' } as const;

/** Undefined for priors that ask for no link more than for another. */
function graphonOf({ prior, processors }: NacConfig): Graphon | undefined {
  const { graph, groups, within, between } = prior;
  switch (graph) {
    case 'scale_free':
      return scaleFreeGraphon(processors);
    case 'planted_partition':
      return blockGraphon(processors, groups, within, between);
    case 'ring_of_cliques':
      return ringGraphon(processors, groups, within, between);
    default:
      return undefined;
  }
}
