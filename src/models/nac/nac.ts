import { HeldoutError } from '../../core/errors.js';
import type { Initializer, Model, ModelShapes, Penalty } from '../model.js';
import { type CircuitOptions, circuitParameters, executeCircuit, propagatorNames } from './circuit.js';
import { type ConditionUse, createConditioning } from './condition.js';
import { type DesignOptions, standardNormal } from './design/design.js';
import { type TokenizerOptions, tokenize, tokenizerParameters, tokenWidthOf } from './layers/tokenizer.js';
import { createPenalty, type Regulariser } from './priors/penalty.js';

export interface NacOptions
  extends Omit<CircuitOptions, 'tokenWidth' | 'outputs'>,
    Pick<DesignOptions, 'processors' | 'readOuts' | 'learned'> {
  /** How many modules read, where they are `separate`. */
  readonly inputModules?: number;
  readonly signatureWidth: number;
  /** What is done with the condition of an example; nothing unless told. */
  readonly condition?: ConditionUse;
  /** How the processors' signatures start; from a normal distribution unless told. */
  readonly signatures?: Initializer;
  /** What training adds to its loss, of linked modules. */
  readonly regulariser?: Regulariser;
  readonly tokenizer: Omit<TokenizerOptions, 'image'>;
}

const pixelsPerToken = 8;

/**
 * A Neural Attentive Circuit (Weiss et al., NeurIPS 2022): modules that share all weights and differ by their codes and
 * signatures, which are a static design, or one that an example's condition generates. `image` `[batch, height, width,
 * channels]` to `prediction` `[batch, outputs]`.
 */
export function createNac(options: NacOptions, shapes: ModelShapes): Model {
  const tokenizer = { ...options.tokenizer, image: readImageShape(shapes) };
  const circuit = { ...options, tokenWidth: tokenWidthOf(tokenizer), outputs: shapes.outputs };
  const signatures =
    options.links === undefined
      ? undefined
      : { width: options.signatureWidth, initializer: options.signatures ?? standardNormal };
  const penalty = penaltyOf(options);
  const { tokenWidth } = circuit;
  const conditioning = createConditioning(
    {
      ...options,
      inputs: inputsOf(options),
      signatures,
      tokenWidth,
      use: options.condition ?? 'none',
      heads: options.propagators.heads,
    },
    shapes,
  );
  return {
    parameters: {
      ...tokenizerParameters('tokens', tokenizer),
      ...conditioning.parameters,
      ...circuitParameters('circuit', circuit),
    },
    usesRandom: drawsRandom(options),
    ...(penalty && { penalty }),
    apply(parameters, inputs, random) {
      const seen = tokenize(parameters, 'tokens', inputs.image!, tokenizer);
      const tokens = conditioning.tokens(parameters, seen, inputs);
      const design = conditioning.design(parameters, inputs);
      const { prediction } = executeCircuit(parameters, 'circuit', tokens, design, circuit, random);
      return { prediction };
    },
  };
}

function inputsOf({ inputs, inputModules, processors }: NacOptions): DesignOptions['inputs'] {
  if (inputs === undefined || inputs === 'shared') return undefined;
  return inputs === 'separate'
    ? { count: inputModules ?? processors, linked: true }
    : { count: processors, linked: false };
}

function penaltyOf(options: NacOptions): Penalty | undefined {
  const { regulariser, links, layers } = options;
  if (regulariser === undefined || links === undefined) return undefined;
  const isLinked = inputsOf(options)?.linked === true;
  const names = {
    processors: 'design/processors/signatures',
    others: ['design/read-outs/signatures', ...(isLinked ? ['design/inputs/signatures'] : [])],
    propagators: propagatorNames('circuit', { layers }),
  };
  return createPenalty(regulariser, names, links);
}

/** Whether a training step draws anything. */
function drawsRandom({ links, dropPath, pooling, inputs, codeNoise = 0 }: NacOptions): boolean {
  const drawsLinks = links !== undefined && links.temperature !== null;
  return drawsLinks || dropPath > 0 || codeNoise > 0 || pooling === 'gumbel' || inputs === 'separate';
}

function readImageShape({ inputs }: ModelShapes): readonly [number, number, number] {
  const [height, width, channels] = inputs.image ?? [];
  const fits = (side: number | undefined) => side !== undefined && side > 0 && side % pixelsPerToken === 0;
  if (fits(height) && fits(width) && channels !== undefined) return [height!, width!, channels];
  const found = Object.entries(inputs).map(([name, shape]) => `${name} [${shape.join(', ')}]`);
  throw new HeldoutError({
    code: 'E_MODEL_INPUT',
    message: `the model nac needs images whose sides are multiples of ${pixelsPerToken}, but the dataset has ${found.join(', ')}`,
    place: 'model.name',
    hints: ['model=mlp takes inputs of any size'],
  });
}
