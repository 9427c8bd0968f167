import { clone, engine, keep, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { Apply, TensorMap } from '../engine.js';

/** What is differentiated: a loss for every example, `[batch]`, and logits to answer with. */
export interface ScoredOutputs {
  readonly loss: Tensor;
  readonly logits: Tensor;
}

/**
 * A function of parameters and a batch that gives, besides `logits` and the `loss` of every example, the `gradient` of each
 * loss in its own example of one input: what a step towards a higher loss takes. It can be compiled as any inference. No
 * example's loss may depend on another's.
 */
export function withInputGradient(
  input: string,
  score: (parameters: TensorMap, batch: TensorMap) => ScoredOutputs,
): Apply {
  return (parameters, batch) => {
    let kept: Tensor | undefined;
    const { value, grads } = engine().gradients(
      () => {
        const { loss, logits } = score(parameters, batch);
        // What is made within is freed when the differentiation ends.
        kept = keep(logits);
        return loss as Tensor4D;
      },
      [batch[input]!],
      undefined,
      true,
    );
    const logits = tidy(() => clone(kept!));
    kept!.dispose();
    const [gradient] = grads;
    if (gradient == null) throw new RangeError(`the loss does not depend on the input ${input}`);
    return { logits, loss: value, gradient };
  };
}
