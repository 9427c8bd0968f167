import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSchedule, type ScheduleConfig } from './schedules.js';
import { golden } from './testing/optimizers.js';

const steps = fc.integer({ min: 2, max: 500 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const rate = fc.double({ min: 1e-8, max: 10, noNaN: true });

/** A schedule whose warm-up ends before the training. */
const cases = steps.chain((total) => {
  const warmup_steps = fc.integer({ min: 0, max: total - 1 });
  const config: fc.Arbitrary<ScheduleConfig> = fc.oneof(
    fc.record({ name: fc.constant('constant' as const), warmup_steps }),
    fc.record({
      name: fc.constantFrom('cosine' as const, 'linear' as const),
      warmup_steps,
      final_fraction: share,
    }),
    fc.record({
      name: fc.constant('step' as const),
      warmup_steps,
      every: fc.integer({ min: 1, max: 100 }),
      factor: fc.double({ min: 0.01, max: 1, noNaN: true }),
    }),
  );
  return fc.record({ config, total: fc.constant(total), full: rate });
});

describe('schedules', () => {
  it.each(golden.schedules.map((one) => [JSON.stringify(one.options), one] as const))(
    'agree with PyTorch: %s',
    (_, { options, learningRate, steps: total, rates }) => {
      const schedule = createSchedule(options, learningRate, total);
      for (const [step, expected] of rates.entries()) expect(schedule(step) / expected).toBeCloseTo(1, 9);
    },
  );

  it('stay between zero and the full rate, rise in the warm-up, and never rise after it', () => {
    fc.assert(
      fc.property(cases, ({ config, total, full }) => {
        const schedule = createSchedule(config, full, total);
        for (let step = 0; step < total; step++) {
          const [now, next] = [schedule(step), schedule(step + 1)];
          expect(now).toBeGreaterThanOrEqual(0);
          expect(now).toBeLessThanOrEqual(full * (1 + 1e-12));
          if (step + 1 < config.warmup_steps) expect(next).toBeGreaterThan(now);
          else expect(next).toBeLessThanOrEqual(now * (1 + 1e-12));
        }
      }),
    );
  });

  it('have the full rate in the last step of the warm-up and the first one after it', () => {
    fc.assert(
      fc.property(cases, ({ config, total, full }) => {
        const schedule = createSchedule(config, full, total);
        expect(schedule(config.warmup_steps)).toBe(full);
        if (config.warmup_steps > 0) expect(schedule(config.warmup_steps - 1)).toBe(full);
      }),
    );
  });

  it('come down to their final fraction', () => {
    fc.assert(
      fc.property(cases, ({ config, total, full }) => {
        if (!('final_fraction' in config)) return;
        const end = createSchedule(config, full, total)(total);
        expect(Math.abs(end - config.final_fraction * full)).toBeLessThan(1e-12 * full);
      }),
    );
  });

  it('rise to the end where the warm-up is as long as the training or longer', () => {
    const schedule = createSchedule({ name: 'cosine', warmup_steps: 8, final_fraction: 0 }, 1, 4);
    expect([0, 1, 2, 3].map(schedule)).toEqual([0.125, 0.25, 0.375, 0.5]);
  });
});
