import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apgd } from './apgd.js';
import { isHalved, listCheckpoints } from './apgd-schedule.js';
import { attackAll } from './attack-all.js';
import type { Attempt, Found } from './attacked.js';
import { type Ball, distance } from './ball.js';
import { kindsFor } from './kinds.js';
import { fgsm, pgd } from './pgd.js';
import { attackRows } from './rows.js';
import { readSizes } from './sizes.js';
import { square, squareShare } from './square.js';
import { attempt, type LinearNetwork, makeLinear } from './testing/linear.js';
import { verifyImages } from './verify.js';

const ball: fc.Arbitrary<Ball> = fc.record({
  norm: fc.constantFrom('linf' as const, 'l2' as const),
  radius: fc.double({ min: 1e-3, max: 2, noNaN: true }),
});
const climbers: Readonly<Record<string, (one: Attempt) => Promise<Found>>> = {
  fgsm,
  pgd,
  apgd: (one) => apgd(one, 'ce'),
  square,
};
const imageOf = (images: Float32Array, row: number) => images.subarray(16 * row, 16 * row + 16);

/** The smallest margin in a ball within [0, 1], in closed form for L-inf; L2 balls here are far from 0 and 1. */
function worstMargin(
  { weights, images, labels, margin }: LinearNetwork,
  { norm, radius }: Ball,
  row: number,
): number {
  const image = imageOf(images, row);
  const sign = labels[row] === 1 ? -1 : 1;
  const length = Math.hypot(...weights);
  const worst = weights.map((weight, at) =>
    norm === 'l2'
      ? image[at]! + (sign * radius * weight) / length
      : Math.min(1, Math.max(0, image[at]! + sign * radius * Math.sign(weight))),
  );
  return margin(row, worst);
}

describe('attacks on a linear network', () => {
  it.each(Object.keys(climbers))(
    '%s never leaves the ball, nor [0, 1], nor finds less than there is',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(ball, fc.nat(1000), async (own, seed) => {
          const network = makeLinear(seed, 3, own.norm === 'l2' ? 0.4 : 0);
          const found = await climbers[name]!(attempt(network, own, { steps: 12 }));
          for (let row = 0; row < 3; row++) {
            const image = imageOf(found.images, row);
            expect(distance(own, image, imageOf(network.images, row))).toBeLessThanOrEqual(own.radius + 2e-6);
            expect(Math.min(...image)).toBeGreaterThanOrEqual(0);
            expect(Math.max(...image)).toBeLessThanOrEqual(1);
            expect(network.margin(row, image)).toBeGreaterThan(worstMargin(network, own, row) - 1e-4);
          }
        }),
        { numRuns: 20 },
      );
    },
  );

  it.each(['fgsm', 'pgd', 'apgd'])(
    '%s reaches the margin less eps times the sum of |w|, within 1e-4',
    async (name) => {
      const network = makeLinear(3, 20, 0.2);
      const own: Ball = { norm: 'linf', radius: 0.1 };
      const found = await climbers[name]!(attempt(network, own));
      const sum = network.weights.reduce((total, weight) => total + Math.abs(weight), 0);
      for (let row = 0; row < 20; row++) {
        const before = network.margin(row, imageOf(network.images, row));
        expect(worstMargin(network, own, row)).toBeCloseTo(before - 0.1 * sum, 5);
        const wanted = before - 0.1 * sum;
        expect(Math.abs(network.margin(row, imageOf(found.images, row)) - wanted)).toBeLessThan(1e-4);
      }
    },
  );

  it.each(['fgsm', 'pgd', 'apgd'])('%s reaches it where 0 and 1 are in the way, and for L2', async (name) => {
    for (const [own, room] of [
      [{ norm: 'linf', radius: 0.3 }, 0],
      [{ norm: 'l2', radius: 0.25 }, 0.3],
    ] as const) {
      const network = makeLinear(4, 20, room);
      const found = await climbers[name]!(attempt(network, own));
      for (let row = 0; row < 20; row++) {
        const margin = network.margin(row, imageOf(found.images, row));
        // On a sphere, PGD's equal steps come near the worst image without reaching it.
        const allowed = name === 'pgd' && own.norm === 'l2' ? 0.05 : 1e-4;
        expect(Math.abs(margin - worstMargin(network, own, row))).toBeLessThan(allowed);
      }
    }
  });

  it('square comes near it without a gradient', async () => {
    const network = makeLinear(5, 10, 0.2);
    const own: Ball = { norm: 'linf', radius: 0.1 };
    const found = await square(attempt(network, own, { steps: 1500 }));
    for (let row = 0; row < 10; row++) {
      expect(network.margin(row, imageOf(found.images, row))).toBeCloseTo(worstMargin(network, own, row), 3);
    }
    const round = await square(attempt(network, { norm: 'l2', radius: 0.2 }, { steps: 500 }));
    for (let row = 0; row < 10; row++) {
      const before = network.margin(row, imageOf(network.images, row));
      // The smallest windows of L2 have 3 x 3 of the 4 x 4 numbers.
      const gone = before - network.margin(row, imageOf(round.images, row));
      expect(gone / (before - worstMargin(network, { norm: 'l2', radius: 0.2 }, row))).toBeGreaterThan(0.4);
    }
  });

  it('fgsm is one step of the radius along the signs', async () => {
    const network = makeLinear(6, 5);
    const found = await fgsm(attempt(network, { norm: 'linf', radius: 0.07 }));
    for (let row = 0; row < 5; row++) {
      const sign = network.labels[row] === 1 ? -1 : 1;
      const wanted = Array.from(imageOf(network.images, row), (value, at) =>
        Math.fround(Math.min(1, Math.max(0, value + 0.07 * sign * Math.sign(network.weights[at]!)))),
      );
      expect([...imageOf(found.images, row)]).toEqual(wanted);
    }
  });

  it('counts what fooled, once it was looked at anew, and leaves the others right', async () => {
    const network = makeLinear(7, 40);
    const names = Uint32Array.from({ length: 40 }, (_, at) => 1000 + at);
    const sizes = readSizes([0.02, '8/255', 0.2], 'linf', 16);
    const options = { sizes, steps: 20, queries: 50, restarts: 2, seed: 1 };
    const kinds = ['fgsm', 'pgd', 'apgd-ce', 'square'] as const;
    const { attacks } = await attackAll(network.attacked, network.images, names, { ...options, kinds });
    for (const { kind, size, right, fooled, images } of attacks) {
      for (let row = 0; row < 40; row++) {
        const worst = worstMargin(network, size.ball, row);
        if (kind === 'apgd-ce' && Math.abs(worst) > 1e-4) expect(right[row]).toBe(worst > 0 ? 1 : 0);
        if (worst > 1e-4) expect(right[row]).toBe(1);
      }
      const refuted = await verifyImages(network.attacked, network.images, images, fooled, size.ball);
      expect(refuted.size).toBe(0);
    }
    const rows = attackRows('test', 'linf', new Uint8Array(40).fill(1), attacks);
    expect(rows.map(({ group }) => `${group.attack} ${group.size}`).slice(0, 7)).toEqual([
      'none 0',
      ...['fgsm 0.02', 'pgd 0.02', 'apgd-ce 0.02', 'square 0.02', 'all 0.02', 'fgsm 8/255'],
    ]);
    for (const size of ['0.02', '8/255', '0.2']) {
      const own = rows.filter(({ group }) => group.size === size);
      const all = own.find(({ group }) => group.attack === 'all')!.value;
      expect(all).toBeLessThanOrEqual(Math.min(...own.map(({ value }) => value)));
    }
    // Who else is attacked, and in which order, moves no draw.
    const { attacks: alone } = await attackAll(network.attacked, network.images, names, {
      ...options,
      kinds: ['square'],
    });
    expect(alone.map(({ images }) => images)).toEqual(
      attacks.filter(({ kind }) => kind === 'square').map(({ images }) => images),
    );
  });

  it('says what is wrong with an image that does not hold', async () => {
    const network = makeLinear(8, 3, 0.3);
    const own: Ball = { norm: 'linf', radius: 0.1 };
    const images = network.images.slice();
    images[0]! += 0.2;
    const refuted = await verifyImages(network.attacked, network.images, images, Uint32Array.of(0, 1), own);
    expect([...refuted]).toEqual([
      [0, expect.stringMatching(/^it is 0\.(2|1999)\d* from its image, and the ball has a radius of 0\.1$/)],
      [1, 'the network gets it right'],
    ]);
  });
});

describe('the schedule of APGD', () => {
  it('looks after 22, 41, 57, 70, 80, 87, 93 and 99 of 100 steps', () => {
    expect(listCheckpoints(100)).toEqual([22, 41, 57, 70, 80, 87, 93, 99]);
    expect(listCheckpoints(10)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(listCheckpoints(1)).toEqual([1]);
  });

  it('halves where the loss rose in fewer than 75 % of the steps, or nothing has changed', () => {
    const progress = { rises: 12, steps: 16, best: 2, formerBest: 1, wasHalved: false };
    expect(isHalved(progress)).toBe(false);
    expect(isHalved({ ...progress, rises: 11 })).toBe(true);
    expect(isHalved({ ...progress, formerBest: 2 })).toBe(true);
    expect(isHalved({ ...progress, formerBest: 2, wasHalved: true })).toBe(false);
  });
});

describe('sizes and kinds', () => {
  it('are those of the assay where they are asked for', () => {
    const [first] = readSizes('assay', 'linf', 3);
    expect(first).toEqual({ label: '0.005/255', ball: { norm: 'linf', radius: 0.005 / 255 } });
    const last = readSizes('assay', 'l2', 224 * 224 * 3).at(-1)!;
    expect(last.ball.radius).toBeCloseTo((0.5 / 255) * 224 * Math.sqrt(3), 12);
  });

  it('take cross-entropy where there are two classes', () => {
    expect(kindsFor(['apgd-ce', 'apgd-dlr', 'square'], 2)).toEqual(['apgd-ce', 'square']);
    expect(kindsFor(['apgd-dlr'], 2)).toEqual(['apgd-ce']);
    expect(kindsFor(['apgd-dlr'], 3)).toEqual(['apgd-dlr']);
  });

  it('have smaller squares the longer they ask', () => {
    expect(squareShare(0, 100)).toBe(0.8);
    expect(squareShare(1, 100)).toBe(0.2);
    expect(squareShare(99, 100)).toBeCloseTo(0.8 / 512, 12);
  });
});
