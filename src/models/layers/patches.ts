import { HeldoutError } from '../../core/errors.js';
import type { ModelShapes } from '../model.js';

/** Height, width and channels of the input `image`. Throws HeldoutError where squares of side `patch` do not cover it. */
export function readPatchedImage(
  { inputs }: ModelShapes,
  patch: number,
  model: string,
): readonly [number, number, number] {
  const [height, width, channels] = inputs.image ?? [];
  const fits = (side: number | undefined) => side !== undefined && side > 0 && side % patch === 0;
  if (fits(height) && fits(width) && channels !== undefined) return [height!, width!, channels];
  const found = Object.entries(inputs).map(([name, shape]) => `${name} [${shape.join(', ')}]`);
  throw new HeldoutError({
    code: 'E_MODEL_INPUT',
    message: `the model ${model} needs images whose sides are multiples of ${patch}, but the dataset has ${found.join(', ')}`,
    place: 'model.patch',
    hints: ['type a model.patch that divides the sides', 'model=mlp takes inputs of any size'],
  });
}
