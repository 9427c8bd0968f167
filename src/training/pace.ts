import { monotonicSeconds } from '../core/clock.js';

/** Says when to report and how fast work goes. */
export interface Pace {
  /** The rate per second, of the last ten seconds or so, when a report is due, else undefined. */
  measure(done: number): number | undefined;
}

/** Seconds after which what was done weighs 1/e: a look at the sets, within them, hardly moves the time that is left. */
const memory = 10;

/** Reports at most once in `interval` seconds. */
export function createPace(start: number, interval = 0.5): Pace {
  let lastTime = monotonicSeconds();
  let lastDone = start;
  let recentSeconds = 0;
  let recentDone = 0;
  return {
    measure(done) {
      const now = monotonicSeconds();
      const seconds = now - lastTime;
      if (seconds < interval) return undefined;
      const kept = Math.exp(-seconds / memory);
      recentSeconds = recentSeconds * kept + seconds;
      recentDone = recentDone * kept + done - lastDone;
      lastTime = now;
      lastDone = done;
      return recentDone / recentSeconds;
    },
  };
}
