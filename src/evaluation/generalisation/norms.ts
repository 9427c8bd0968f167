import { sizeOf } from '../../core/numbers/shape.js';
import type { NamedArray, NamedArrays } from '../../engine/engine.js';

/** Norms of the weights of a network; those of layers are of kernels, as matrices `[inputs, outputs]`. */
export interface WeightNorms {
  /** Σ w². */
  readonly parameters: number;
  /** Σ (w − w₀)², w₀ being the weights before training. */
  readonly distance: number;
  /** log Π ‖W‖² over the layers, with the largest singular value. */
  readonly spectral: number;
  /** log Π ‖W‖_F². */
  readonly frobenius: number;
}

/** @param start The weights before training, by the same names; those that it lacks count as 0. */
export function measureNorms(weights: NamedArrays, start: NamedArrays): WeightNorms {
  let [parameters, distance, spectral, frobenius] = [0, 0, 0, 0];
  for (const [name, array] of Object.entries(weights)) {
    let own = 0;
    for (const [at, value] of array.data.entries()) {
      own += value * value;
      distance += (value - (start[name]?.data[at] ?? 0)) ** 2;
    }
    parameters += own;
    if (!isLayer(name, array)) continue;
    frobenius += Math.log(own);
    spectral += 2 * Math.log(largestSingularValue(array));
  }
  return { parameters, distance, spectral, frobenius };
}

function isLayer(name: string, { shape }: NamedArray): boolean {
  return name.endsWith('/kernel') && shape.length >= 2;
}

/**
 * Of a kernel as a matrix of its last axis by all others, by power iteration. Of a convolution it is that of the matrix which
 * maps a patch to a place, not of the whole map.
 */
export function largestSingularValue({ shape, data }: NamedArray): number {
  const outputs = shape.at(-1)!;
  const inputs = sizeOf(shape) / outputs;
  // Not orthogonal to what it looks for but by ill luck.
  let vector = Float64Array.from({ length: outputs }, (_, at) => 1 + Math.sin(at + 1) / 2);
  let found = 0;
  for (let turn = 0; turn < 500; turn++) {
    const length = Math.hypot(...vector);
    if (length === 0) return 0;
    vector = vector.map((value) => value / length);
    const image = new Float64Array(inputs);
    for (let row = 0; row < inputs; row++)
      for (let column = 0; column < outputs; column++)
        image[row]! += data[row * outputs + column]! * vector[column]!;
    const back = new Float64Array(outputs);
    let square = 0;
    for (let row = 0; row < inputs; row++) {
      square += image[row]! ** 2;
      for (let column = 0; column < outputs; column++)
        back[column]! += data[row * outputs + column]! * image[row]!;
    }
    const value = Math.sqrt(square);
    if (Math.abs(value - found) <= 1e-9 * value) return value;
    found = value;
    vector = back;
  }
  return found;
}
