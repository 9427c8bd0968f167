import { type Scalar, slice, square, sum, type Tensor, variableGrads } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../../../engine/arrays.js';
import type { TensorMap } from '../../../engine/engine.js';
import { fill, relativeError, runOn, startBoth } from '../../../engine/testing/backends.js';
import { initialParameters } from '../../initialise.js';
import { type CircuitOptions, executeCircuit } from '../circuit.js';
import { smallOptions, smallParameters, smallTokens } from '../testing/small-circuit.js';
import { type Design, standardNormal, staticDesign } from './design.js';
import { generateDesign, generatedDesignParameters } from './generate-design.js';

beforeAll(startBoth);

const options = {
  width: 8,
  processors: 6,
  readOuts: 2,
  signatures: { width: 4, initializer: standardNormal },
  conditionWidth: 5,
  heads: 2,
  expansion: 2,
};
const specs = generatedDesignParameters('design', options);
/** Where changes have kernels of their own, the design of every example is another. */
const parametersOf = (changed: boolean): Record<string, Tensor> => {
  const initial = initialParameters({ parameters: specs, apply: () => ({}) }, 1);
  const tensors: Record<string, Tensor> = { ...toTensors(smallParameters()), ...toTensors(initial) };
  if (!changed) return tensors;
  for (const what of ['codes', 'signatures']) {
    const name = `design/generator/${what}/kernel`;
    tensors[name] = fill(tensors[name]!.shape, 9);
  }
  return tensors;
};
const condition = () => fill([3, 4, 5], 21);

const execute = (
  parameters: TensorMap,
  tokens: Tensor,
  design: Design,
  circuit: CircuitOptions = smallOptions,
) => executeCircuit(parameters, 'circuit', tokens, design, circuit).prediction;

describe('a generated design', () => {
  it('begins as the static one', () => {
    const [generated, fixed] = runOn('wasm', () => {
      const parameters = parametersOf(false);
      const { tokens } = toTensors({ tokens: smallTokens() });
      const design = generateDesign(parameters, 'design', condition(), options);
      return [
        execute(parameters, tokens!, design),
        execute(parameters, tokens!, staticDesign(parameters, 'design')),
      ];
    });
    expect(relativeError(generated!, fixed!)).toBeLessThan(2e-6);
  });

  it.each(['modulated', 'plain'])('is executed for each example as it would be alone: %s', (kind) => {
    const circuit = { ...smallOptions, modulated: kind === 'modulated' };
    const own = (parameters: TensorMap) =>
      kind === 'modulated'
        ? parameters
        : Object.fromEntries(
            Object.entries(parameters).filter(([name]) => !/\/(gain|code\/kernel)$/.test(name)),
          );
    const [together, ...alone] = runOn('wasm', () => {
      const parameters = own(parametersOf(true));
      const { tokens } = toTensors({ tokens: smallTokens() });
      const design = generateDesign(parameters, 'design', condition(), options);
      const one = (table: Tensor | undefined, row: number) =>
        table && slice(table, [row, 0, 0], [1, -1, -1]).squeeze([0]);
      return [
        execute(parameters, tokens!, design, circuit),
        ...[0, 1, 2].map((row) =>
          execute(
            parameters,
            slice(tokens!, [row, 0, 0], [1, -1, -1]),
            {
              codes: one(design.codes, row)!,
              signatures: one(design.signatures, row),
              readOutCodes: one(design.readOutCodes, row)!,
              readOutSignatures: one(design.readOutSignatures, row),
            },
            circuit,
          ),
        ),
      ];
    });
    const rows = Float32Array.from(alone.flatMap(({ data }) => [...data]));
    expect(relativeError(together!, { shape: [3, 3], data: rows })).toBeLessThan(5e-6);
    expect(new Set([...together!.data].map((value) => value.toFixed(4))).size).toBeGreaterThan(3);
  });

  it('hands its gradient to every parameter of the generator', () => {
    const names = Object.keys(specs);
    const gradients = runOn('wasm', () => {
      const given = parametersOf(true);
      const variables = Object.fromEntries(names.map((name) => [name, given[name]!.variable(true)]));
      const { tokens } = toTensors({ tokens: smallTokens() });
      const { grads } = variableGrads(() => {
        const parameters = { ...given, ...variables };
        const design = generateDesign(parameters, 'design', condition(), options);
        return sum(square(execute(parameters, tokens!, design))) as Scalar;
      }, Object.values(variables));
      return Object.values(variables).map(({ name }) => grads[name]!);
    });
    for (const [index, { data }] of gradients.entries()) {
      expect(
        data.some((value) => Math.abs(value) > 1e-7) || names[index]!.endsWith('key/bias'),
        names[index],
      ).toBe(true);
    }
  });
});
