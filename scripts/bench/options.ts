/** How the long parts are measured. */
export interface BenchOptions {
  /** A short form, to see that a part works: its numbers are no results. */
  readonly quick: boolean;
  /** Measure again what was measured before. */
  readonly again: boolean;
  /** Runs of the sweep, in place of 8. */
  readonly runs: number | undefined;
}

/** Hears what is being measured. */
export function say(text: string): void {
  process.stderr.write(`measuring ${text}\n`);
}
