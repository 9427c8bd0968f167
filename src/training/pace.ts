import { monotonicSeconds } from '../core/clock.js';

/** Says when to report and how fast work went since the last report. */
export interface Pace {
  /** The rate per second since the last report when one is due, else undefined. */
  measure(done: number): number | undefined;
}

/** Reports at most once in `interval` seconds. */
export function createPace(start: number, interval = 0.5): Pace {
  let lastTime = monotonicSeconds();
  let lastDone = start;
  return {
    measure(done) {
      const now = monotonicSeconds();
      const seconds = now - lastTime;
      if (seconds < interval) return undefined;
      const rate = (done - lastDone) / seconds;
      lastTime = now;
      lastDone = done;
      return rate;
    },
  };
}
