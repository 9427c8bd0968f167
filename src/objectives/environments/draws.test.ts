import { expect, it } from 'vitest';
import { stream } from '../../random/stream.js';
import { drawCuts, drawMixtures, drawNoise, drawn, drawPartners } from './draws.js';

const sizes = { environments: 4, examples: 6, width: 3 };
const source = () => stream(5, 'objective', 0);
const values = (array: { readonly data: ArrayLike<number> }) => Array.from(array.data);

it('cuts the rows of every environment within them', () => {
  const many = stream(5, 'objective', 1);
  const cuts = Array.from({ length: 200 }, () => values(drawCuts(sizes, many)[drawn.cut]!)).flat();
  expect([...new Set(cuts)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
});

it('draws an order of all environments, and shares between 0 and 1', () => {
  const { [drawn.order]: order, [drawn.share]: share } = drawMixtures(0.2, sizes, source());
  expect(order!.data).toBeInstanceOf(Int32Array);
  expect(values(order!).sort()).toEqual([0, 1, 2, 3]);
  expect(values(share!)).toHaveLength(4);
  expect(values(share!).every((one) => one >= 0 && one <= 1)).toBe(true);
});

it('draws other lots for the first and the second partner', () => {
  const found = drawPartners(sizes, source());
  expect(found[drawn.first]!.shape).toEqual([24]);
  expect(values(found[drawn.first]!)).not.toEqual(values(found[drawn.second]!));
  expect(found[drawn.share]!.shape).toEqual([1]);
});

it("draws noise of the features' shape", () => {
  expect(drawNoise(sizes, source())[drawn.noise]!.shape).toEqual([24, 3]);
});
