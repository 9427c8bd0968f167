import { describe, expect, it } from 'vitest';
import { apgd } from './apgd.js';
import { listCheckpoints } from './apgd-schedule.js';
import { openReference, reference } from './testing/reference.js';

describe('APGD', () => {
  it.each(reference.runs.map((run) => ({ ...run, toString: () => '' })))(
    'is that of a reference in PyTorch: $norm, $loss, $steps steps',
    async ({ norm, radius, loss, steps, start, found: wanted }) => {
      const { attacked, clean } = openReference();
      const rows = Uint32Array.from({ length: attacked.count }, (_, row) => row);
      const ball = { norm, radius } as const;
      const draw = () => {
        throw new Error('it begins where it is told');
      };
      const own = { attacked, clean, rows, ball, steps, untilFooled: false, draw };
      const found = await apgd(own, loss, Float32Array.from(start));
      const isEqual = Array.from(
        rows,
        (row) => Math.abs(found.lengths[row]! / wanted.lengths[row]! - 1) < 1e-9,
      );
      // At the top, whether a loss rises is a matter of its last bits: one example of a run may be told otherwise there.
      expect(isEqual.filter((one) => !one).length).toBeLessThanOrEqual(1);
      expect([...found.loss]).toEqual(wanted.loss.map((value) => expect.closeTo(value, 5)));
      // Images that are answered wrong are kept before those of a higher loss.
      for (const row of rows) {
        if (found.fooled[row] === 1) continue;
        const [one, other] = [found.images, wanted.images].map((all) => all.slice(36 * row, 36 * row + 36));
        expect(Math.max(...Array.from(one!, (value, at) => Math.abs(value - other![at]!)))).toBeLessThan(
          1e-4,
        );
      }
    },
  );

  it('looks where the reference does', () => {
    for (const [steps, places] of Object.entries(reference.checkpoints))
      expect(listCheckpoints(Number(steps))).toEqual(places);
  });
});
