import { basename } from 'node:path';

/**
 * A test aid: dies where a power cut would. `HELDOUT_FAULT=rename:before:17` kills the process with
 * SIGKILL just before its 17th rename, `rename:after:17` just after it, and `append:5` in the middle of
 * the bytes of its 5th appended line. Counts are per process. `@heldout` or `@job` behind it means only the
 * processes of that program: the command itself, or its jobs. Unset, it costs one comparison.
 */
const [fault = '', program] = (process.env.HELDOUT_FAULT ?? '').split('@');
const [operation, ...rest] = fault.split(':');
const isMeant = program === undefined || program === basename(process.argv[1] ?? '', '.mjs');
const chosen = !isMeant ? undefined : operation === 'rename' ? `rename:${rest[0]}` : operation;
const target = Number(rest.at(-1));
const counts = { 'rename:before': 0, 'rename:after': 0, append: 0 };

/** True when the named moment is the one at which this process is to die. */
export function isFaultDue(moment: keyof typeof counts): boolean {
  if (moment !== chosen) return false;
  counts[moment] += 1;
  return counts[moment] === target;
}

export function dieIfDue(moment: keyof typeof counts): void {
  if (isFaultDue(moment)) process.kill(process.pid, 'SIGKILL');
}
