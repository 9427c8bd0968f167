import { readFileSync } from 'node:fs';
import { add, div, matMul, mean, mul, relu, sqrt, square, sub } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Engine, TensorMap } from '../../../../engine/engine.js';
import { type AlgorithmCase, batchInputs, startValues } from '../../../../objectives/testing/algorithms.js';
import { farthest } from '../../../../objectives/testing/reference-net.js';
import { createTent } from '../predict-by-tent.js';

interface TentGolden {
  readonly parameters: AlgorithmCase['parameters'];
  readonly batches: readonly {
    readonly entropy: number;
    readonly logits: readonly (readonly number[])[];
    readonly scale: readonly number[];
    readonly offset: readonly number[];
  }[];
}

/** Adapts the reference net, which is normalised by the moments of each batch, as PyTorch did; to 1e-5. */
export function followTent(engine: Engine): void {
  const { tent } = JSON.parse(
    readFileSync(new URL('../../../../objectives/testing/adaptations-golden.json', import.meta.url), 'utf8'),
  ) as { tent: TentGolden };
  const { 'norm1/offset': shift, ...others } = startValues(tent.parameters);
  const following = createTent(engine, { apply }, { ...others, 'norm1/shift': shift! }, 1e-3);
  const inputs = batchInputs(5);
  for (const [t, { entropy, logits, scale, offset }] of tent.batches.entries()) {
    const features = { shape: [8, 6], data: inputs.slice(48 * t, 48 * t + 48) };
    const found = following.answer({ features }, new Float32Array(8).fill(1));
    expect(Math.abs(found.entropy - entropy)).toBeLessThan(1e-5);
    expect(farthest(found.logits, logits.flat())).toBeLessThan(1e-5);
    const after = following.parameters();
    expect(farthest(after['norm1/scale']!.data, scale)).toBeLessThan(1e-5);
    expect(farthest(after['norm1/shift']!.data, offset)).toBeLessThan(1e-5);
    expect(after['dense1/kernel']!.data).toEqual(others['dense1/kernel']!.data);
  }
  following.dispose();
}

function apply(p: TensorMap, { features }: TensorMap): TensorMap {
  const hidden = matMul(features!, p['dense1/kernel']!);
  const centred = sub(hidden, mean(hidden, 0));
  const deviation = sqrt(add(mean(square(centred), 0), 1e-5));
  const normed = relu(add(mul(div(centred, deviation), p['norm1/scale']!), p['norm1/shift']!));
  const read = add(matMul(normed, p['dense2/kernel']!), p['dense2/bias']!);
  return { prediction: add(matMul(read, p['read-out/kernel']!), p['read-out/bias']!) };
}
