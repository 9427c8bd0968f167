import type { Member } from './crew.js';

/** Decides from the times of the first steps how many steps a group makes in one call. */
export interface Pace {
  repeat(): number;
  /** Hears the seconds of one step. */
  note(members: readonly Member[], seconds: number): void;
}

/** Below this, and so much more for each member, the calls around a step are a tenth of it or more. */
const tinySeconds = 0.0005;
const tinySecondsEach = 0.0001;
const stepsAtOnce = 8;
/** A graph of more nodes takes seconds to load. */
const mostNodes = 20_000;
/** The first steps may be those in which TensorFlow optimises the graph. */
const tried = 6;

export function createPace(): Pace {
  let repeat = 1;
  let noted = 0;
  let fastest = Number.POSITIVE_INFINITY;
  return {
    repeat: () => repeat,
    note(members, seconds) {
      if (noted >= tried) return;
      noted++;
      fastest = Math.min(fastest, seconds);
      if (noted < tried) return;
      const nodes = members.reduce((sum, { part }) => sum + part.recording.ops.length, 0);
      const isLong = members.every(({ steps }) => steps >= 100 * stepsAtOnce);
      const isTiny = fastest < tinySeconds + tinySecondsEach * members.length;
      if (isLong && isTiny && stepsAtOnce * nodes <= mostNodes) repeat = stepsAtOnce;
    },
  };
}
