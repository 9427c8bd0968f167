/** How the long parts are measured. */
export interface BenchOptions {
  /** A short form, to see that a part works: its numbers are no results. */
  readonly quick: boolean;
  /** Measure again what was measured before. */
  readonly again: boolean;
}

/** Hears what is being measured. */
export function say(text: string): void {
  process.stderr.write(`measuring ${text}\n`);
}
