import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monotonicSeconds } from '../core/clock.js';
import { readTextIfThere } from '../core/files/files.js';
import { drawBelow, drawFloat24, stream } from '../random/stream.js';
import { listCheckpoints } from '../runs/checkpoints/checkpoints.js';
import { listRuns } from '../runs/list.js';
import { runCommand, startCommand, temporaryFolder } from './cli.js';
import { finishStudy, isRunning, killStudy, listJobs, tryKill, waitFor } from './killing.js';
import { collectSnapshot, type Snapshot } from './snapshot.js';

const folders: string[] = [];
let expected: Snapshot;
/** Wall seconds of an uninterrupted study. */
let duration = 0;

function makeResults(): string {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder;
}

/** A run of the study with its first checkpoint behind it. */
function findTraining(results: string) {
  return listRuns(results).find(({ paths }) => listCheckpoints(paths.checkpoints).length > 0);
}

beforeAll(async () => {
  const results = makeResults();
  const begin = monotonicSeconds();
  const { code, stderr } = await runCommand('experiment', killStudy(results));
  duration = monotonicSeconds() - begin;
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expected = collectSnapshot(results);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.concurrent('a study ends with the same bytes', { timeout: 240_000 }, () => {
  // At many more moments, and at every rename, in kill.long.test.ts.
  it('when the command is killed at two moments, one after the other', async () => {
    const results = makeResults();
    const source = stream(1, 'kill', 'parent');
    for (let kill = 0; kill < 2; kill++) {
      const command = startCommand('experiment', killStudy(results));
      await sleep(1000 * (0.2 + drawFloat24(source)) * duration);
      command.kill('SIGKILL');
      await command;
    }
    await finishStudy(results, expected, 'two kills of the parent');
  });

  it('when two of its jobs are killed', async () => {
    const results = makeResults();
    const source = stream(1, 'kill', 'child');
    const command = startCommand('experiment', killStudy(results));
    for (let kill = 0; kill < 2; kill++) {
      await waitFor(() => listJobs(command.pid)[0], command);
      await sleep(700 * drawFloat24(source));
      const jobs = listJobs(command.pid);
      const job = jobs[drawBelow(source, Math.max(1, jobs.length))];
      if (job !== undefined) tryKill(job.pid);
    }
    await command;
    await finishStudy(results, expected, 'two kills of jobs');
  });

  it('when it dies on either side of a rename, in the command and in its jobs', async () => {
    const results = makeResults();
    for (const fault of ['rename:before:11@job', 'rename:after:9@heldout']) {
      const died = await startCommand('experiment', killStudy(results), { HELDOUT_FAULT: fault });
      expect({ fault, code: died.exitCode, signal: died.signal }).toEqual(
        fault.endsWith('@job')
          ? { fault, code: 1, signal: undefined }
          : { fault, code: undefined, signal: 'SIGKILL' },
      );
    }
    await finishStudy(results, expected, 'two renames');
  });

  it('when Ctrl-C interrupts it, which saves what is trained', async () => {
    const results = makeResults();
    const command = startCommand('experiment', killStudy(results, 'launcher.jobs=1'), {}, true);
    const run = await waitFor(() => findTraining(results), command);
    process.kill(-command.pid!, 'SIGINT');
    const { exitCode, stderr } = await command;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('type the same command again to continue');
    expect(listRuns(results).find(({ paths }) => paths.folder === run?.paths.folder)?.status?.state).toBe(
      'interrupted',
    );
    await finishStudy(results, expected, 'Ctrl-C');
    expect(readTextIfThere(run!.paths.log)).toMatch(/ interrupted\n.* continues from step \d+/s);
  });

  it('when the command is killed: its jobs end by themselves and their locks are taken at once', async () => {
    const results = makeResults();
    const command = startCommand('experiment', killStudy(results, 'launcher.jobs=1'));
    const run = await waitFor(() => findTraining(results), command);
    const jobs = listJobs(command.pid);
    command.kill('SIGKILL');
    await command;
    await waitFor(() => (jobs.some(({ pid }) => isRunning(pid)) ? undefined : true));
    expect(jobs).toHaveLength(1);
    expect(readTextIfThere(run!.paths.lock)).toContain(`"pid":${jobs[0]?.pid}`);
    await finishStudy(results, expected, 'a job without its parent');
    expect(readTextIfThere(run!.paths.log)).toContain(`taken over from process ${jobs[0]?.pid}`);
  });
});
