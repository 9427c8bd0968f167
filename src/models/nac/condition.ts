import { concat, type Tensor } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../../core/errors.js';
import type { TensorMap } from '../../engine/engine.js';
import { dense, denseParameters } from '../layers/dense.js';
import type { ModelShapes, ParameterSpec } from '../model.js';
import { type Design, type DesignOptions, designParameters, staticDesign } from './design/design.js';
import {
  type GeneratorOptions,
  generateDesign,
  generatedDesignParameters,
} from './design/generate-design.js';

/**
 * What a circuit does with an example's condition (the input `condition`, `[tokens, width]`: a question, an instruction).
 * `design`: it generates the circuit's design; `token`: it stands among the tokens of the image; `none`: nothing.
 */
export type ConditionUse = 'design' | 'token' | 'none';

export interface ConditionOptions extends DesignOptions {
  readonly use: ConditionUse;
  readonly tokenWidth: number;
  /** Of the attention to the condition; divides the width. */
  readonly heads: number;
}

/** How a circuit comes to its design and its tokens. */
export interface Conditioning {
  /** `design/..`, and `condition/{kernel,bias}` where it becomes tokens. */
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  design(parameters: TensorMap, inputs: TensorMap): Design;
  /** Tokens of the image, and those of the condition behind them. */
  tokens(parameters: TensorMap, image: Tensor, inputs: TensorMap): Tensor;
}

const expansion = 2;

/** Throws HeldoutError where a condition is to be used and the dataset has none. */
export function createConditioning(options: ConditionOptions, shapes: ModelShapes): Conditioning {
  const { use, heads, tokenWidth } = options;
  const fixed: Conditioning = {
    parameters: designParameters('design', options),
    design: (parameters) => staticDesign(parameters, 'design'),
    tokens: (_, image) => image,
  };
  if (use === 'none') return fixed;
  const conditionWidth = readWidth(use, shapes);
  if (use === 'token') {
    return {
      ...fixed,
      parameters: { ...fixed.parameters, ...denseParameters('condition', conditionWidth, tokenWidth) },
      tokens: (parameters, image, inputs) =>
        concat([image, dense(parameters, 'condition', inputs.condition!, 'linear')], 1),
    };
  }
  const generator: GeneratorOptions = { ...options, conditionWidth, heads, expansion };
  return {
    ...fixed,
    parameters: generatedDesignParameters('design', generator),
    design: (parameters, inputs) => generateDesign(parameters, 'design', inputs.condition!, generator),
  };
}

function readWidth(use: ConditionUse, { inputs }: ModelShapes): number {
  const { condition } = inputs;
  if (condition?.length === 2) return condition[1]!;
  const found = Object.entries(inputs).map(([name, shape]) => `${name} [${shape.join(', ')}]`);
  throw new HeldoutError({
    code: 'E_MODEL_CONDITION',
    message: `model.condition=${use} needs examples with a condition, but the dataset has ${found.join(', ')} alone`,
    place: 'model.condition',
    hints: ['dataset=sprite_questions  (images with a question)', 'model.condition=none'],
  });
}
