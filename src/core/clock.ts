/** The only reader of wall-clock and monotonic time: what it returns never decides a number of a run. */

/** Milliseconds since 1970. */
export function wallClock(): number {
  return Date.now();
}

/** Current time as ISO 8601, UTC. */
export function timestamp(): string {
  return new Date(Date.now()).toISOString();
}

/** Seconds on a clock that never runs backwards. */
export function monotonicSeconds(): number {
  return performance.now() / 1000;
}

/** `1 h 02 min`, `3 min 05 s`, `4.2 s`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}
