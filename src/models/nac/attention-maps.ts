import { mean } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { staticDesign } from './design/design.js';
import { readIn } from './layers/read-in.js';
import { tokenize } from './layers/tokenizer.js';
import type { NacOptions } from './nac.js';

/**
 * How much each processor looks at each token when it reads the image, mean over heads: `image` `[batch, height,
 * width, channels]` to `attention` `[batch, processors, tokens]`, which sums to 1 over tokens, row by row of the image.
 */
export function createAttentionMaps(
  options: NacOptions,
  image: readonly [number, number, number],
): (parameters: TensorMap, inputs: TensorMap) => TensorMap {
  return (parameters, inputs) => {
    const tokens = tokenize(parameters, 'tokens', inputs.image!, { ...options.tokenizer, image });
    const { codes } = staticDesign(parameters, 'design');
    const branch = { dropPath: 0, random: undefined, salt: 0 };
    const { weights } = readIn(parameters, 'circuit/read-in', tokens, codes, {
      heads: options.readIn.heads,
      ...branch,
    });
    return { attention: mean(weights, 2) };
  };
}
