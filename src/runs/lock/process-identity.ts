import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, so that another one can tell whether it still runs. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own notation: a later process with the same pid differs. */
  readonly startTime: string;
  readonly host: string;
  /** Boot and pid namespace: pids can be compared only where these are equal. */
  readonly domain: string;
}

export function describeSelf(): ProcessIdentity {
  return {
    pid: process.pid,
    startTime: readProcess(process.pid)?.startTime ?? '',
    host: hostname(),
    domain: readDomain(),
  };
}

/** `unknown` for a process on another host, or in a container that this one cannot look into. */
export function findProcess(identity: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  if (identity.host !== hostname() || identity.domain !== readDomain()) return 'unknown';
  if (!exists(identity.pid)) return 'gone';
  const found = readProcess(identity.pid);
  // Processes of other users may exist without being readable.
  if (found === undefined || identity.startTime === '') return 'running';
  return found.ended || found.startTime !== identity.startTime ? 'gone' : 'running';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readProcess(pid: number): { startTime: string; ended: boolean } | undefined {
  try {
    if (process.platform === 'linux') return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state = '', ...start] = line.split(/\s+/);
    return { startTime: start.join(' '), ended: state.startsWith('Z') };
  } catch {
    return undefined;
  }
}

/**
 * Fields 3 (state) and 22 (start time in clock ticks after boot) of `/proc/PID/stat`; field 2, the
 * command, stands in parentheses and may hold blanks and parentheses itself. A killed process that
 * nobody has waited for yet (`Z`) has ended.
 */
export function parseStat(text: string): { startTime: string; ended: boolean } {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { startTime: fields[19] ?? '', ended: fields[0] === 'Z' || fields[0] === 'X' };
}

function readDomain(): string {
  if (process.platform !== 'linux') return process.platform;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return 'linux';
  }
}
