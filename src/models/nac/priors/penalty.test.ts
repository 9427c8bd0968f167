import { addN, scalar, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../../../engine/arrays.js';
import type { NamedArray, NamedArrays } from '../../../engine/engine.js';
import { randomValues, runOn, startBoth } from '../../../engine/testing/backends.js';
import { createEagerTrainer } from '../../../engine/trainer.js';
import { readGradients } from '../../testing/gradients.js';
import type { LinkOptions } from '../links/link-kernel.js';
import { tabulateLinks } from '../links/link-table.js';
import { distances, linkProbabilities } from '../links/links.js';
import { alignGraphon } from './align-graphon.js';
import { blockGraphon } from './graphon.js';
import { graphonLoss, repulsionLoss } from './losses.js';
import { createPenalty, type Regulariser } from './penalty.js';

beforeAll(startBoth);

const names = { processors: 'p', others: ['o'], propagators: ['layer1', 'layer2'] };
const links: LinkOptions = { truncation: 1.1, temperature: 0.5, learnBandwidth: true };
const target = blockGraphon(6, 3, 0.9, 0.05);
const graphon = { target, measure: 'squared', weight: 2 } as const;
const repulsion = { threshold: 0.8, weight: 0.5 };
const array = (shape: readonly number[], data: Float32Array): NamedArray => ({ shape, data });
const parameters: NamedArrays = {
  p: array([6, 3], randomValues(18, 3)),
  o: array([2, 3], randomValues(6, 4)),
  'layer1/bandwidth': array([], Float32Array.of(0.8)),
  'layer2/bandwidth': array([], Float32Array.of(1.3)),
};
const make = (regulariser: Regulariser, how = links) => createPenalty(regulariser, names, how)!;
const lossOf = (penalty: ReturnType<typeof make>, arrays: NamedArrays) =>
  runOn('wasm', () => penalty.loss(toTensors(arrays)))[0]!.data[0]!;

it.each([null, 0.9])('links have the same numbers on the host, truncated at %s', (truncation) => {
  const [found] = runOn('wasm', () => {
    const s = tensor(parameters.p!.data, [6, 3]);
    return linkProbabilities(distances(s, s), scalar(0.7), { truncation });
  });
  const table = tabulateLinks(parameters.p!, 0.7, { truncation });
  expect([...table]).toEqual([...found!.data].map((value) => expect.closeTo(value, 5)));
  if (truncation !== null) expect(table).toContain(0);
});

describe('the penalty', () => {
  it('is the sum over propagators of the loss of the aligned graphon, and the repulsion of all signatures', () => {
    const penalty = make({ graphon, repulsion });
    const aids = penalty.aids!.compute(parameters);
    const bandwidths = [0.8, 1.3];
    const aligned = bandwidths.map((one) => alignGraphon(target, tabulateLinks(parameters.p!, one, links)));
    expect(Object.values(aids).map(({ data }) => data)).toEqual(aligned);
    const [drawn, repelled] = runOn('wasm', () => {
      const [p, o] = [tensor(parameters.p!.data, [6, 3]), tensor(parameters.o!.data, [2, 3])];
      const losses = bandwidths.map((one, layer) =>
        graphonLoss(linkProbabilities(distances(p, p), scalar(one), links), tensor(aligned[layer]!, [6, 6])),
      );
      return [addN(losses), repulsionLoss([p, o], repulsion.threshold)];
    }).map(({ data }) => data[0]!);
    expect(repelled).toBeLessThan(-0.1);
    expect(lossOf(penalty, { ...parameters, ...aids })).toBeCloseTo(2 * drawn! + 0.5 * repelled!, 6);
    expect(lossOf(make({ graphon }), { ...parameters, ...aids })).toBeCloseTo(2 * drawn!, 6);
  });

  it('looks once at propagators of one bandwidth', () => {
    const penalty = make({ graphon }, { ...links, learnBandwidth: false });
    expect(penalty.parameters).toEqual(['p']);
    expect(Object.keys(penalty.aids!.compute(parameters))).toEqual(['layer1/graphon']);
  });

  it('is nothing where nothing is asked for', () => {
    expect(createPenalty({}, names, links)).toBeUndefined();
    expect(createPenalty({ graphon }, { ...names, propagators: [] }, links)).toBeUndefined();
    expect(make({ repulsion }).aids).toBeUndefined();
  });

  it.each(['squared', 'divergence'] as const)('has the gradient of its finite differences, %s', (measure) => {
    const penalty = make({ graphon: { ...graphon, measure }, repulsion });
    const aids = penalty.aids!.compute(parameters);
    const { gradients } = readGradients(
      { createTrainer: (options) => createEagerTrainer({ ...options, frozen: Object.keys(aids) }) },
      { ...parameters, ...aids },
      (tensors) => penalty.loss(tensors),
      {},
    );
    const h = 2 ** -9;
    for (const name of penalty.parameters) {
      const { shape, data } = parameters[name]!;
      data.forEach((value, at) => {
        const moved = (by: number) =>
          lossOf(penalty, {
            ...parameters,
            ...aids,
            [name]: array(shape, Float32Array.from(data).with(at, value + by)),
          });
        expect(gradients[name]!.data[at]!).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 2);
      });
    }
  });
});
