import * as z from 'zod';
import { whole } from '../fields.js';

/** A share from 0 to 1. */
const share = (usual: number) => z.number().min(0).max(1).default(usual);

const links = z
  .strictObject({
    by: z
      .enum(['sampled_signatures', 'signatures', 'none'])
      .default('sampled_signatures')
      .describe(
        'what links modules: signatures, drawn in training or as expected; none: all hear all others',
      ),
    truncation: z
      .number()
      .gt(0)
      .max(2)
      .nullable()
      .default(0.9)
      .describe('cosine distance of signatures beyond which processors are not linked; null: none'),
    temperature: z
      .number()
      .gt(0)
      .max(10)
      .default(0.5)
      .describe('of the distribution that links are drawn from'),
    learn_bandwidth: z.boolean().default(true).describe('whether the reach of signatures is learned, or 1'),
  })
  .prefault({})
  .describe('who hears whom');

const prior = z
  .strictObject({
    graph: z
      .enum(['scale_free', 'planted_partition', 'ring_of_cliques', 'random', 'none'])
      .default('scale_free')
      .describe('graph that signatures are fitted to before training; none: they start at random'),
    links: whole(1, 4096)
      .default(2)
      .describe('of a scale-free graph: links that each further node comes with'),
    groups: whole(1, 4096).default(8).describe('of a planted partition or a ring: groups or cliques'),
    within: share(0.9).describe('of groups or cliques: probability of a link within one'),
    between: share(0.05).describe('of groups or cliques: probability of a link between two'),
    density: share(0.1).describe('of a random graph: probability of any link'),
    regulariser: z
      .enum(['auto', 'graphon', 'repulsion', 'both', 'none'])
      .default('auto')
      .describe(
        'what training adds to its loss; auto: the graphon of a planted partition, repulsion with other priors',
      ),
    graphon: z
      .strictObject({
        weight: z.number().min(0).max(1000).default(1).describe('times the loss'),
        measure: z
          .enum(['mse', 'kl'])
          .default('mse')
          .describe('how far links are from it: mean squared difference, or divergence'),
      })
      .prefault({})
      .describe('the link probabilities that the prior asks for, to which links are drawn'),
    repulsion: z
      .strictObject({
        weight: z.number().min(0).max(1000).default(0.1).describe('times minus the sum of the distances'),
        threshold: z
          .number()
          .gt(0)
          .max(2)
          .default(0.4)
          .describe('cosine distance of pairs that are too close'),
      })
      .prefault({})
      .describe('what draws close signatures apart'),
  })
  .prefault({})
  .describe('links at the start, and what keeps them near it in training');

const tokens = z
  .strictObject({
    stem_channels: whole(1, 4096).default(16).describe('channels of the image at a quarter of its size'),
    channels: whole(1, 4096).default(32).describe('channels at an eighth of it'),
    positions: whole(1, 4096).default(16).describe('numbers of a token that are learned for its place'),
    blocks: whole(0, 64).default(0).describe('ConvNeXt blocks at a quarter of the size'),
  })
  .prefault({})
  .describe('how an image becomes tokens, one for 8 x 8 pixels');

/** A Neural Attentive Circuit. */
export const nacSchema = z.strictObject({
  name: z
    .literal('nac')
    .describe('neural attentive circuit: sparse modules that share weights (Weiss et al. 2022)'),
  processors: whole(1, 4096).default(64).describe('modules that read the image and hear each other'),
  read_outs: whole(1, 4096).default(8).describe('modules that hear the processors and answer'),
  condition: z
    .enum(['none', 'design', 'token'])
    .default('none')
    .describe("what an example's condition does: generates codes and signatures, or stands among the tokens"),
  inputs: z
    .enum(['shared', 'one_to_one', 'separate'])
    .default('shared')
    .describe(
      'who reads the image: processors, by their codes or by others of their own, or modules that they hear',
    ),
  input_modules: whole(1, 4096).default(16).describe('modules that read the image, with inputs=separate'),
  code_noise: z.number().min(0).lt(1).default(0).describe('share by which codes may change in training'),
  width: whole(1, 65536).default(64).describe('numbers in the state and in the code of a module'),
  signature_width: whole(2, 4096).default(16).describe('numbers in a signature'),
  layers: whole(0, 64).default(4).describe('propagators: how often processors hear each other'),
  heads: whole(1, 256).default(4).describe('of every attention'),
  head_width: whole(1, 4096).default(16).describe('numbers in the query of a head'),
  expansion: z.number().gt(0).max(64).default(2).describe('hidden units of feed-forward layers, in widths'),
  modulated: z
    .boolean()
    .default(true)
    .describe('whether codes modulate the layers; else they are only what modules start from'),
  links,
  prior,
  train_codes: z.boolean().default(true).describe('whether codes are learned, or stay as drawn'),
  train_signatures: z
    .boolean()
    .default(true)
    .describe('whether signatures are learned, or stay as they start'),
  layer_scale: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .default(null)
    .describe('what residual branches are multiplied by at first; null: nothing'),
  drop_path: z.number().min(0).lt(1).default(0).describe('share of examples that skip a branch in training'),
  pooling: z
    .enum(['confidence', 'gumbel', 'first'])
    .default('confidence')
    .describe('how read-outs answer together: weighed, weighed by draws, or the only one alone'),
  tokens,
});

export type NacConfig = z.infer<typeof nacSchema>;

/** Losses of links and signatures in training, with what `auto` stands for. */
export function regularisersOf({
  links,
  prior: { regulariser, graph },
}: Pick<NacConfig, 'links' | 'prior'>): readonly ('graphon' | 'repulsion')[] {
  switch (regulariser) {
    case 'none':
      return [];
    case 'both':
      return ['graphon', 'repulsion'];
    case 'auto':
      // Modules that all hear each other have no signatures.
      if (links.by === 'none') return [];
      return [graph === 'planted_partition' ? 'graphon' : 'repulsion'];
    default:
      return [regulariser];
  }
}

/** What no single key of it can check. */
export function checkNac({
  processors,
  read_outs,
  pooling,
  links,
  prior,
  condition,
  inputs,
  width,
  heads,
}: NacConfig): readonly {
  path: string[];
  message: string;
  hint: string;
}[] {
  const problems: { path: string[]; message: string; hint: string }[] = [];
  const { graph, groups, links: own, regulariser } = prior;
  const grouped = graph === 'planted_partition' || graph === 'ring_of_cliques';
  if (grouped && processors % groups !== 0) {
    const message = `${processors} processors cannot be cut into ${groups} equal groups`;
    const hint = 'type a number of groups that divides model.processors';
    problems.push({ path: ['model', 'prior', 'groups'], message, hint });
  }
  if (graph === 'scale_free' && processors <= own) {
    const message = `a scale-free graph of ${own} links per node has more than ${processors} nodes`;
    problems.push({ path: ['model', 'prior', 'links'], message, hint: 'type model.prior.links=1' });
  }
  const added = regularisersOf({ links, prior });
  const at = ['model', 'prior', 'regulariser'];
  if (links.by === 'none' && added.length > 0) {
    const message = `modules that all hear each other have no signatures, so there is nothing to add to the loss`;
    problems.push({ path: at, message, hint: 'type model.prior.regulariser=none' });
  } else if (added.includes('graphon') && (graph === 'random' || graph === 'none')) {
    const message = `the prior ${graph} has no graphon that links could be drawn to, for regulariser=${regulariser}`;
    problems.push({ path: at, message, hint: 'type model.prior.regulariser=repulsion' });
  }
  if (pooling === 'first' && read_outs !== 1) {
    const message = `one read-out answers alone, and there are ${read_outs}`;
    problems.push({ path: ['model', 'pooling'], message, hint: 'type model.read_outs=1' });
  }
  if (condition === 'design' && inputs !== 'shared') {
    const message = `a design that a condition generates has processors and read-outs alone, not inputs=${inputs}`;
    problems.push({ path: ['model', 'inputs'], message, hint: 'type model.inputs=shared' });
  }
  if (condition === 'design' && width % heads !== 0) {
    const message = `${heads} heads that read a condition do not divide a width of ${width}`;
    const hint = 'type a number of heads that divides model.width';
    problems.push({ path: ['model', 'heads'], message, hint });
  }
  return problems;
}
