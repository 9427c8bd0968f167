import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, futimesSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { wallClock } from '../../core/clock.js';
import { HeldoutError } from '../../core/errors.js';
import { errorCode, explainFileError } from '../../core/files/file-errors.js';
import { createExclusive, temporaryOwner, writeFileAtomic } from '../../core/files/files.js';
import { isJsonObject } from '../../core/json.js';
import { describeSelf, findProcess, type ProcessIdentity } from './process-identity.js';

export interface LockHolder extends ProcessIdentity {
  /** Names this one acquisition; never used twice. */
  readonly nonce: string;
  /** Milliseconds since 1970 of the last sign of life: the lock file's modification time. */
  readonly heartbeat: number;
}

export interface Lock {
  readonly path: string;
  /** Throws E_LOCK_LOST when another process has taken the lock over. */
  assertHeld(): void;
  /** Gives the lock back if it is still ours. */
  release(): void;
}

export interface LockOptions {
  /** How long a holder on another host may give no sign of life. Default 120. */
  readonly graceSeconds?: number;
  /** Default 5. */
  readonly heartbeatSeconds?: number;
}

export type LockAttempt =
  | { readonly held: true; readonly lock: Lock; readonly takenFrom?: LockHolder }
  | { readonly held: false; readonly holder: LockHolder };

/**
 * Takes the lock, at once also from a holder that is gone. Of any number of processes that find the
 * same dead holder one wins: whoever creates the claim named after the dead holder's nonce may replace
 * the lock, and a claimant that died is followed by a claim on its own nonce.
 */
export function acquireLock(path: string, options: LockOptions = {}): LockAttempt {
  const nonce = randomUUID();
  const content = `${JSON.stringify({ ...describeSelf(), nonce })}\n`;
  for (;;) {
    if (createExclusive(path, content)) return { held: true, lock: keepLock(path, nonce, options) };
    const chain = readClaims(path);
    const [holder] = chain;
    const last = chain.at(-1);
    // Given back between the two looks.
    if (holder === undefined || last === undefined) continue;
    const alive = chain.find((claimant) => isAlive(claimant, options));
    if (alive !== undefined) return { held: false, holder: alive };
    const claim = claimPath(path, last.nonce);
    if (!createExclusive(claim, content)) continue;
    // A slow process may claim what another has taken over and tidied up since: then the lock differs.
    if (readHolder(path)?.nonce !== holder.nonce) {
      rmSync(claim, { force: true });
      continue;
    }
    writeFileAtomic(path, content);
    removeClaims(path);
    return { held: true, lock: keepLock(path, nonce, options), takenFrom: holder };
  }
}

/** Who holds the lock now, or undefined when nobody does: no lock, or a holder that is gone. */
export function findHolder(path: string, options: LockOptions = {}): LockHolder | undefined {
  return readClaims(path).find((claimant) => isAlive(claimant, options));
}

/** `process 4711 on host tue`. */
export function describeHolder(holder: LockHolder): string {
  return `process ${holder.pid} on host ${holder.host}`;
}

function keepLock(path: string, nonce: string, options: LockOptions): Lock {
  // The open file stays ours even when another process puts its own in place, so a late heartbeat
  // never keeps a foreign lock alive.
  const descriptor = openSync(path, 'r+');
  const isOurs = () => readHolder(path)?.nonce === nonce;
  const beat = () => {
    try {
      futimesSync(descriptor, wallClock() / 1000, wallClock() / 1000);
    } catch {
      // A network disk that is away for a moment: the next beat tries again.
    }
  };
  const timer = setInterval(beat, (options.heartbeatSeconds ?? 5) * 1000);
  timer.unref();
  let released = false;
  return {
    path,
    assertHeld() {
      if (!released && isOurs()) return;
      throw new HeldoutError({
        code: 'E_LOCK_LOST',
        message: 'another process has taken this run over',
        place: path,
        hints: ['run the same command again once the other process has ended'],
        exitCode: 1,
      });
    },
    release() {
      if (released) return;
      released = true;
      clearInterval(timer);
      closeSync(descriptor);
      if (isOurs()) rmSync(path, { force: true });
    },
  };
}

/** The holder, who claims its place, who claims that one's place, and so on. */
function readClaims(path: string): LockHolder[] {
  const chain: LockHolder[] = [];
  for (let next = readHolder(path); next !== undefined; next = readHolder(claimPath(path, next.nonce))) {
    chain.push(next);
  }
  return chain;
}

function claimPath(path: string, nonce: string): string {
  return `${path}.claim-${nonce}`;
}

/** Claims on former holders are void once the lock has a new one; those in the making find that out themselves. */
function removeClaims(path: string): void {
  const prefix = `${basename(path)}.claim-`;
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(prefix) && temporaryOwner(name) === undefined)
      rmSync(join(dirname(path), name), { force: true });
  }
}

function readHolder(path: string): LockHolder | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainFileError(error, path);
  }
  try {
    const { mtimeMs, ino } = fstatSync(descriptor);
    return parseHolder(readFileSync(descriptor, 'utf8'), mtimeMs, `damaged-${ino}-${Math.floor(mtimeMs)}`);
  } finally {
    closeSync(descriptor);
  }
}

/** A lock that cannot be read (a power cut emptied it) belongs to nobody known: only its age counts. */
function parseHolder(text: string, heartbeat: number, substitute: string): LockHolder {
  const unknown = { pid: 0, startTime: '', host: 'unknown', domain: '', nonce: substitute, heartbeat };
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return unknown;
    const { pid, startTime, host, domain, nonce } = value;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return unknown;
    if (typeof startTime !== 'string' || typeof host !== 'string') return unknown;
    if (typeof domain !== 'string' || typeof nonce !== 'string') return unknown;
    return { pid, startTime, host, domain, nonce, heartbeat };
  } catch {
    return unknown;
  }
}

function isAlive(holder: LockHolder, options: LockOptions): boolean {
  const found = findProcess(holder);
  if (found !== 'unknown') return found === 'running';
  return wallClock() - holder.heartbeat < (options.graceSeconds ?? 120) * 1000;
}
