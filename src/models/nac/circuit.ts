import { broadcastTo, concat, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import type { ParameterSpec } from '../model.js';
import { type Design, disturbCodes } from './design/design.js';
import type { HeadOptions } from './layers/attention.js';
import { type Pooling, pool, poolingParameters } from './layers/pooling.js';
import { joinSpeakers, propagate, propagatorParameters, type Speakers } from './layers/propagator.js';
import { readIn, readInParameters } from './layers/read-in.js';
import { readOut, readOutParameters } from './layers/read-out.js';
import type { Branch } from './layers/residual.js';
import { seederParameters, seedStates } from './layers/seeder.js';
import { type LinkOptions, linkParameters, logLinks } from './links/link-kernel.js';

/**
 * Who reads the tokens. `shared`: the processors, by their codes (Figure 2 of the paper). `one_to_one`: as many modules
 * with codes of their own, each of which becomes a processor. `separate`: modules whom processors hear beside each
 * other; processors then start from a seeder.
 */
export type InputModules = 'shared' | 'one_to_one' | 'separate';

export interface CircuitOptions {
  /** Default `shared`. */
  readonly inputs?: InputModules;
  /** Share by which codes may change in training; default 0. */
  readonly codeNoise?: number;
  /** Width of states and codes. */
  readonly width: number;
  readonly tokenWidth: number;
  readonly outputs: number;
  /** Number of propagators. */
  readonly layers: number;
  readonly readIn: HeadOptions;
  readonly propagators: HeadOptions;
  readonly readOut: HeadOptions;
  /** Width of the hidden layer of the feed-forward networks, in widths of the states. */
  readonly expansion: number;
  /** Whether codes modulate the layers (ModFC), or only are where modules start from (FC). */
  readonly modulated: boolean;
  /** How signatures link modules; without, every module hears all others. */
  readonly links: LinkOptions | undefined;
  readonly layerScale: number | null;
  readonly dropPath: number;
  readonly pooling: Pooling;
}

/** The parameters of a circuit's layers, which its modules share, under `<name>/`. */
export function circuitParameters(
  name: string,
  options: CircuitOptions,
): Readonly<Record<string, ParameterSpec>> {
  const { width, tokenWidth, outputs, expansion, layerScale, pooling, links } = options;
  const codes = options.modulated ? width : undefined;
  const common = { width, expansion, codes, layerScale };
  const propagators = propagatorNames(name, options).map((propagator) => ({
    ...propagatorParameters(propagator, { ...common, ...options.propagators }),
    ...linkParameters(propagator, links),
  }));
  return {
    ...readInParameters(`${name}/read-in`, { ...common, ...options.readIn, tokenWidth }),
    ...(options.inputs === 'separate' && seederParameters(`${name}/seeder`, width)),
    ...Object.assign({}, ...propagators),
    ...readOutParameters(`${name}/read-out`, { ...common, ...options.readOut }),
    ...linkParameters(`${name}/read-out`, readOutLinks(links)),
    ...poolingParameters(`${name}/pooling`, { pooling, width, outputs, codes }),
  };
}

export function propagatorNames(name: string, { layers }: Pick<CircuitOptions, 'layers'>): string[] {
  return Array.from({ length: layers }, (_, layer) => `${name}/propagator${layer + 1}`);
}

/**
 * A read-out module has no link to itself that could never be cut: with a truncation it might hear nobody at all, so
 * there is none.
 */
export function readOutLinks(links: LinkOptions | undefined): LinkOptions | undefined {
  return links && { ...links, truncation: null };
}

/** What a circuit does on its way; all of it `[batch, modules, ...]`. */
export interface Execution {
  /** States of the processors at the start, which is after the read-in where they read, and after each propagator. */
  readonly states: readonly Tensor[];
  /** How much the heads of each module that reads look at each token: `[batch, modules, heads, tokens]`. */
  readonly tokenWeights: Tensor;
  readonly readOuts: Tensor;
  /** `[batch, outputs]`. */
  readonly prediction: Tensor;
}

/**
 * Executes a design on tokens `[batch, tokens, tokenWidth]`, as in Figure 2 of Weiss et al. (2022): read-in, propagators,
 * read-out, pooling. A key makes it a training step, which draws links (fresh ones per example and layer) and drops
 * branches.
 */
export function executeCircuit(
  parameters: TensorMap,
  name: string,
  tokens: Tensor,
  given: Design,
  options: CircuitOptions,
  random?: Tensor,
): Execution {
  const end = options.layers + 1;
  const design = disturbCodes(given, options.codeNoise ?? 0, random, salt(end + 2));
  const { codes, signatures, inputCodes = codes, inputSignatures, readOutCodes, readOutSignatures } = design;
  const batch = tokens.shape[0]!;
  const senders =
    inputSignatures === undefined || signatures === undefined
      ? signatures
      : concat([inputSignatures, signatures], 0);
  const branch = (place: number): Branch => ({ dropPath: options.dropPath, random, salt: salt(place) });
  const linksTo = (
    at: string,
    receivers: Tensor | undefined,
    links: LinkOptions | undefined,
    place: number,
  ) => {
    if (links === undefined || receivers === undefined || senders === undefined) return undefined;
    const draw = { batch, random, salt: salt(place) + 2 };
    return logLinks(parameters, at, [receivers, senders], links, draw);
  };

  const read = readIn(parameters, `${name}/read-in`, tokens, inputCodes, {
    heads: options.readIn.heads,
    ...branch(0),
  });
  const speakers: Speakers | undefined =
    options.inputs === 'separate' ? { states: read.states, codes: inputCodes } : undefined;
  const seed = () => {
    const seeded = seedStates(parameters, `${name}/seeder`, codes, { batch, random, salt: salt(end + 3) });
    return broadcastTo(seeded, [batch, ...codes.shape.slice(-2)]);
  };
  const states = [speakers === undefined ? read.states : seed()];
  for (const [layer, propagator] of propagatorNames(name, options).entries()) {
    const next = propagate(parameters, propagator, states.at(-1)!, codes, {
      heads: options.propagators.heads,
      logLinks: linksTo(propagator, signatures, options.links, layer + 1),
      speakers,
      ...branch(layer + 1),
    });
    states.push(next);
  }
  const at = `${name}/read-out`;
  const processors = { states: states.at(-1)!, codes };
  const heard = speakers === undefined ? processors : joinSpeakers(speakers, processors);
  const readOuts = readOut(
    parameters,
    at,
    { ...heard, readOutCodes },
    {
      heads: options.readOut.heads,
      logLinks: linksTo(at, readOutSignatures, readOutLinks(options.links), end),
      ...branch(end),
    },
  );
  const prediction = pool(parameters, `${name}/pooling`, readOuts, readOutCodes, {
    pooling: options.pooling,
    random,
    salt: salt(end + 1),
  });
  return { states, tokenWeights: read.weights, readOuts, prediction };
}

/** Names of a layer's draws: two of dropped branches, one of links; after the layers, of codes and of the seeder. */
function salt(place: number): number {
  return 4 * place;
}
