import { concat, reshape, slice } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../../core/errors.js';
import { dense, denseParameters } from '../layers/dense.js';
import { layerNorm, normParameters } from '../layers/layer-norm.js';
import type { Model, ModelShapes } from '../model.js';
import { type InterpreterOptions, interpret, interpreterParameters } from './interpreter.js';
import { embedPatches, gridOf, patchParameters } from './layers/patches.js';

export interface NeuralInterpreterOptions extends Omit<InterpreterOptions, 'positions'> {
  readonly scripts: number;
  /** Pixels along each side of a patch. */
  readonly patch: number;
  /** One CLS token for all targets, or one for each of them. */
  readonly classTokens: 'shared' | 'per_target';
  /** How the places of patches are known: by a bias of attention, by what is added to them, or not at all. */
  readonly positions: 'relative' | 'learned' | 'none';
}

/**
 * A Neural Interpreter (Rahaman et al., NeurIPS 2021): patches of an image and CLS tokens go through scripts of functions,
 * which share all weights and differ by their codes; signatures say which tokens they work on. `image` `[batch,
 * height, width, channels]` to `prediction` `[batch, outputs]`.
 */
export function createNeuralInterpreter(options: NeuralInterpreterOptions, shapes: ModelShapes): Model {
  const image = readImageShape(options.patch, shapes);
  const heads = options.classTokens === 'shared' ? [shapes.outputs] : (shapes.targets ?? [shapes.outputs]);
  const patches = {
    image,
    patch: options.patch,
    width: options.width,
    classTokens: heads.length,
    positions: options.positions === 'learned',
  };
  const interpreter = {
    ...options,
    positions: options.positions === 'relative' ? { grid: gridOf(patches), others: heads.length } : undefined,
  };
  const scripts = Array.from({ length: options.scripts }, (_, script) => `script${script + 1}`);
  const readOuts = heads.map((_, head) => (heads.length === 1 ? 'read-out' : `read-out${head + 1}`));
  return {
    parameters: {
      ...patchParameters('patches', patches),
      ...Object.assign({}, ...scripts.map((script) => interpreterParameters(script, interpreter))),
      ...Object.assign(
        {},
        ...readOuts.map((name, head) => ({
          ...normParameters(`${name}/norm`, options.width),
          ...denseParameters(name, options.width, heads[head]!),
        })),
      ),
    },
    apply(parameters, inputs) {
      let tokens = embedPatches(parameters, 'patches', inputs.image!, patches);
      for (const script of scripts) tokens = interpret(parameters, script, tokens, interpreter).tokens;
      const answers = readOuts.map((name, head) => {
        const token = reshape(slice(tokens, [0, head, 0], [-1, 1, -1]), [-1, options.width]);
        return dense(parameters, name, layerNorm(parameters, `${name}/norm`, token), 'linear');
      });
      return { prediction: answers.length === 1 ? answers[0]! : concat(answers, 1) };
    },
  };
}

function readImageShape(patch: number, { inputs }: ModelShapes): readonly [number, number, number] {
  const [height, width, channels] = inputs.image ?? [];
  const fits = (side: number | undefined) => side !== undefined && side > 0 && side % patch === 0;
  if (fits(height) && fits(width) && channels !== undefined) return [height!, width!, channels];
  const found = Object.entries(inputs).map(([name, shape]) => `${name} [${shape.join(', ')}]`);
  const sides = [height, width].filter((side) => side !== undefined);
  const divisor = [8, 7, 4, 2].find((one) => one !== patch && sides.every((side) => side % one === 0));
  throw new HeldoutError({
    code: 'E_MODEL_INPUT',
    message: `the model neural_interpreter cuts images into patches of ${patch} x ${patch}, but the dataset has ${found.join(', ')}`,
    place: 'model.patch',
    hints: [
      ...(inputs.image !== undefined && divisor !== undefined ? [`model.patch=${divisor}`] : []),
      'model=mlp takes inputs of any size',
    ],
  });
}
