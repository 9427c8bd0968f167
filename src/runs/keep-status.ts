import { hostname } from 'node:os';
import { monotonicSeconds, timestamp } from '../core/clock.js';
import type { RunPaths } from './folder.js';
import { moveStatus, type RunStatus, writeStatus } from './status.js';

/** The status of a run in the hands of the process that works on it; in an evaluation the file changes only once that is done. */
export interface StatusKeeper {
  read(): RunStatus;
  /** Writes that the run is worked on. */
  begin(): void;
  /** Notes after how many updates training is complete; undefined where it no longer is. */
  noteTraining(step: number | undefined): void;
  /** The attempt is over. */
  end(state: 'done' | 'failed' | 'interrupted', changes?: Partial<RunStatus>): void;
}

/** @param former What an earlier attempt left. */
export function keepStatus(paths: RunPaths, former: RunStatus, evaluate: boolean): StatusKeeper {
  const since = monotonicSeconds();
  // A process that died while running left no word; the transition is made up for here.
  const settled = former.state === 'running' ? moveStatus(former, 'interrupted') : former;
  let status = moveStatus(settled, 'running', {
    attempts: settled.attempts + 1,
    pid: process.pid,
    host: hostname(),
    started: timestamp(),
  });
  return {
    read: () => status,
    begin: () => writeStatus(paths, status),
    noteTraining(step) {
      const { trained: noted, ...stages } = status.stages;
      if (step === noted) return;
      status = { ...status, stages: step === undefined ? stages : { trained: step, ...stages } };
      if (!evaluate) writeStatus(paths, status);
    },
    end(state, changes = {}) {
      if (evaluate && state !== 'done') return;
      const seconds = status.seconds + (monotonicSeconds() - since);
      const next = moveStatus(status, state, { ...changes, ended: timestamp(), seconds });
      writeStatus(paths, next);
      status = next;
    },
  };
}
