import { scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Quantity } from '../../engine.js';

export function asTensor(quantity: Quantity): Tensor {
  return typeof quantity === 'number' ? scalar(quantity) : quantity;
}
