import { grads, type Scalar, scalar, sum, type Tensor, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { toTensors } from '../../../engine/arrays.js';
import { type BackendName, runOn } from '../../../engine/testing/backends.js';
import { executeCircuit } from '../circuit.js';
import { staticDesign } from '../design/design.js';
import { modulatedLinear, modulation } from '../layers/modulated-linear.js';
import { poolingWeights } from '../layers/pooling.js';
import { probabilitiesOf } from '../links/link-kernel.js';
import { distances, linkLogits, linkProbabilities, logProbabilities } from '../links/links.js';
import { sampleLogLinks } from '../links/sample-links.js';
import { golden, goldenOptions, goldenParameters, goldenTokens } from './golden-circuit.js';

/** Tests of one backend: the numbers of the authors' code. */
export function checkCircuit(backend: BackendName): void {
  const numbers = (compute: () => Tensor) => [...runOn(backend, compute)[0]!.data];
  const close = (expected: readonly number[], digits = 6) =>
    expected.map((value) => expect.closeTo(value, digits));

  it(`a modulated layer has its numbers on ${backend}`, () => {
    const parameters = () => ({
      'layer/kernel': tensor2d([0.1, -0.4, 0.2, 0.5, 0.3, -0.6], [3, 2]),
      'layer/bias': tensor([0.01, -0.02]),
      'layer/gain': scalar(0.1),
      'layer/code/kernel': tensor2d([1, -1, 0.2, 2, 0.5, -0.3], [2, 3]),
    });
    const codes = () => tensor2d([[0.3, -0.1]]);
    expect(numbers(() => modulation(parameters(), 'layer', codes())!)).toEqual(
      close([1.07307205, 0.85862147, 1.06830648]),
    );
    expect(numbers(() => modulatedLinear(parameters(), 'layer', tensor2d([[1, -2, 0.5]]), codes()))).toEqual(
      close([-0.06589541, -1.62834224]),
    );
  });

  const signatures = () =>
    tensor2d([
      [1, 0, 0],
      [0.8, 0.6, 0],
      [0, 0, 1],
    ]);
  const truncated = { truncation: 0.9 };

  it(`a kernel has its probabilities and its slope on ${backend}`, () => {
    const probabilities = (bandwidth: Tensor) => {
      const s = signatures();
      return linkProbabilities(distances(s, s), bandwidth, truncated);
    };
    const link = Math.exp(-0.2);
    expect(numbers(() => probabilities(scalar(1)))).toEqual(close([1, link, 0, link, 1, 0, 0, 0, 1]));
    const slope = () =>
      grads((bandwidth: Tensor) => sum(probabilities(bandwidth)) as Scalar)([scalar(1)])[0]!;
    expect(numbers(slope)).toEqual(close([2 * 0.2 * link]));
    const logs = numbers(() => {
      const s = signatures();
      return logProbabilities(distances(s, s), scalar(1), truncated);
    });
    expect(logs).toEqual(close([0, -0.2, -1e9, -0.2, 0, -1e9, -1e9, -1e9, 0]));
  });

  it(`sampled links have their numbers on ${backend}, certain and impossible ones, too`, () => {
    const cases = [
      [0.2, 0.3, -0.23655893],
      [1, 0.5, -1.37434638],
      [1, 0.9, -0.03580192],
      [1.5, 0.5, -31.8847701],
      [0, 0.5, -1.4e-14],
    ] as const;
    const found = numbers(() => {
      const distance = tensor2d([cases.map(([d]) => d)]);
      const uniform = tensor([[cases.map(([, u]) => u)]]);
      return sampleLogLinks(linkLogits(distance, scalar(1), { truncation: 1.2 }), uniform, 0.5);
    });
    expect(found.map((value, index) => value / cases[index]![2]).slice(0, 4)).toEqual(close([1, 1, 1, 1], 5));
    expect(Math.abs(found[4]!)).toBeLessThan(2e-7);
  });

  it(`a whole circuit has its numbers on ${backend}`, () => {
    const found = runOn(backend, () => {
      const parameters = toTensors(goldenParameters());
      const { tokens } = toTensors({ tokens: goldenTokens() });
      const design = staticDesign(parameters, 'design');
      const { states, readOuts, prediction } = executeCircuit(
        parameters,
        'circuit',
        tokens!,
        design,
        goldenOptions,
      );
      const links = (name: string, receivers: Tensor) =>
        probabilitiesOf(parameters, name, [receivers, design.signatures!], goldenOptions.links!);
      return [
        links('circuit/propagator1', design.signatures!),
        links('circuit/read-out', design.readOutSignatures!),
        ...states,
        readOuts,
        poolingWeights(parameters, 'circuit/pooling', readOuts),
        prediction,
      ];
    });
    const expected = [
      golden.links,
      golden.readOutLinks,
      ...golden.states,
      golden.readOuts,
      golden.weights,
      golden.prediction,
    ];
    for (const [index, values] of expected.entries()) {
      const list = [...found[index]!.data];
      const wanted = values.flat(2) as number[];
      expect(list).toHaveLength(wanted.length);
      const largest = Math.max(...list.map((value, place) => Math.abs(value - wanted[place]!)));
      expect(largest, `array ${index}`).toBeLessThan(1.5e-6);
    }
  });
}
