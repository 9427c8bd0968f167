import type { Member } from './crew.js';

/** Decides from the times of the first steps how many steps a group makes in one call. */
export interface Pace {
  repeat(): number;
  /** How many steps a member may ask for at once, which spares it waiting for each. */
  ahead(): number;
  /** Hears the seconds of one step. */
  note(members: readonly Member[], seconds: number): void;
}

/** Below this, and so much more for each member, the calls around a step are a tenth of it or more. */
const tinySeconds = 0.0005;
const tinySecondsEach = 0.0001;
const stepsAtOnce = 8;
/** Loading the graph of several steps takes some tenths of a second, and each of them then saves less than 0.1 ms. */
const leastSteps = 5000;
/** A graph of more nodes takes seconds to load. */
const mostNodes = 20_000;
/** The first steps may be those in which TensorFlow optimises the graph. */
const tried = 6;
/** Meanwhile signals and timers wait. */
const awaySeconds = 0.05;
const mostAhead = 32;

export function createPace(): Pace {
  let repeat = 1;
  let noted = 0;
  let fastest = Number.POSITIVE_INFINITY;
  return {
    repeat: () => repeat,
    ahead() {
      const fitting = noted < tried ? 1 : Math.min(mostAhead, Math.floor(awaySeconds / fastest));
      // Where others stop in between, they come to go on together again.
      return Math.max(fitting, repeat === 1 ? 1 : 4 * repeat);
    },
    note(members, seconds) {
      if (noted >= tried) return;
      noted++;
      fastest = Math.min(fastest, seconds);
      if (noted < tried) return;
      const nodes = members.reduce((sum, { part }) => sum + part.recording.ops.length, 0);
      const isLong = members.every(({ steps }) => steps >= leastSteps);
      const isTiny = fastest < tinySeconds + tinySecondsEach * members.length;
      if (isLong && isTiny && stepsAtOnce * nodes <= mostNodes) repeat = stepsAtOnce;
    },
  };
}
