import { customGrad, engine, type GradSaveFunc, Identity, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../../../core/errors.js';
import { asGroup } from './group.js';

interface Forward {
  readonly value: Tensor;
  /** What the gradient needs; TensorFlow.js keeps it until the gradient is taken. */
  readonly saved: readonly Tensor[];
}

/**
 * An op with a closed-form gradient: `backward` maps the gradient of the value, and what `forward` saved, to one
 * gradient per input. It has no second derivative, and says so: TensorFlow.js would otherwise leave saved values
 * out of it without a word.
 */
export function withGradient(
  name: string,
  inputs: readonly Tensor[],
  forward: () => Forward,
  backward: (dy: Tensor, ...saved: Tensor[]) => readonly Tensor[],
): Tensor {
  // The gradient of a gradient is being taken.
  const nested = engine().state.gradientDepth > 1;
  const op = customGrad((...inputsAndSave) => {
    const save = inputsAndSave.at(-1) as GradSaveFunc;
    const { value, saved } = asGroup(inputs, forward);
    save([...saved, ...(nested ? inputs : [])]);
    const gradFunc = (dy: Tensor, kept: Tensor[]) =>
      tidy(() => {
        const gradients = asGroup(inputs, () => backward(dy, ...kept.slice(0, saved.length)));
        const sources = kept.slice(saved.length);
        return gradients.map((gradient) => (nested ? refuse(name, gradient, sources) : gradient));
      });
    return { value, gradFunc };
  });
  return op(...inputs);
}

/** The same values, tied to all that they depend on, so that a second derivative ends in an error. */
function refuse(name: string, gradient: Tensor, sources: readonly Tensor[]): Tensor {
  return customGrad((x) => ({
    value: (x as Tensor).clone(),
    gradFunc: () => {
      throw new HeldoutError({
        code: 'E_ENGINE_SECOND_DERIVATIVE',
        message: `${name} has no second derivative here`,
        hints: [
          'write the penalty in closed form, with first derivatives only',
          `write ${name} out of plain TensorFlow.js ops whose second derivatives you have checked`,
        ],
        exitCode: 1,
      });
    },
  }))(gradient, ...sources);
}

/**
 * The same values, tied to a tensor that they depend on without a gradient: taking one with respect to it is an error
 * that names it, where it would be left out silently.
 */
export function withoutGradient(value: Tensor, name: string, source: Tensor): Tensor {
  // A gradient reaches every input of a kernel by its name; this one's knows `x` alone.
  return engine().runKernel(Identity, { x: value, [name]: source }) as Tensor;
}
