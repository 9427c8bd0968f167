import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { listCheckpoints, stepOf } from '../runs/checkpoints/checkpoints.js';
import { listRuns, type RunListing } from '../runs/list.js';
import { type CommandResult, temporaryFolder } from './cli.js';
import { listJobs, waitFor } from './killing.js';
import { makeProject, type Project, toy } from './project.js';
import { collectSnapshot, compareSnapshots, type Snapshot } from './snapshot.js';

let finished: Project;
let expected: Snapshot;

/** A project whose study is done. */
const copyFinished = () => makeProject(finished.results);

beforeAll(async () => {
  finished = makeProject();
  expectEnd(await finished.run('experiment', ...toy), 0);
  expected = collectSnapshot(finished.results);
});
/** Expects an exit code, and no stack in what the user reads. */
function expectEnd({ code, stdout, stderr }: CommandResult, wanted: number): string {
  expect({ code, stderr: code === wanted ? '' : stderr }).toEqual({ code: wanted, stderr: '' });
  expect(stdout + stderr).not.toMatch(/internal error|^ +at /m);
  return stderr;
}

const findRun = (project: Project, split: string): RunListing =>
  listRuns(project.results).find(({ paths, status }) => {
    const isTrained = status?.stages.trained !== undefined || listCheckpoints(paths.checkpoints).length > 0;
    return isTrained && readFileSync(paths.resolved, 'utf8').includes(`rule: ${split}`);
  })!;

/** What there is of all runs but one. */
const withoutRun = (snapshot: Snapshot, { run }: RunListing): Snapshot =>
  new Map([...snapshot].filter(([path]) => path.startsWith('runs/') && !path.includes(run)));

const shorten = (path: string) => truncateSync(path, readFileSync(path).length - 10);

describe('a run folder', () => {
  it('of another version is not touched, and the other runs stand', async () => {
    const project = copyFinished();
    const run = findRun(project, 'extrapolation');
    const text = readFileSync(run.paths.status, 'utf8').replace('"schema": 1', '"schema": 99');
    writeFileSync(run.paths.status, text);
    const message = expectEnd(await project.run('experiment', ...toy), 1);
    expect(message).toContain('this run folder has schema version 99, this version of Heldout reads 1');
    expect(message).toContain(`→ move it away: mv ${run.paths.folder} ${run.paths.folder}.old`);
    expect(message).toContain('5 of 6 done, 1 failed.');
    expect(message).not.toContain('--retry-failed');
    expect(readFileSync(run.paths.status, 'utf8')).toBe(text);
    expect(
      compareSnapshots(withoutRun(expected, run), withoutRun(collectSnapshot(project.results), run)),
    ).toEqual([]);
  });

  it('with damaged files is repaired, which is said, and ends as it was', async () => {
    const project = copyFinished();
    const [random, extrapolation] = [findRun(project, 'random'), findRun(project, 'extrapolation')];
    shorten(random.paths.metrics);
    shorten(extrapolation.paths.predictions);
    const message = expectEnd(await project.run('experiment', ...toy), 0);
    expect(message).toMatch(
      new RegExp(`run ${random.run}: metrics.jsonl has .* bytes, not the .* starts again from step 0`),
    );
    expect(message).toMatch(
      new RegExp(
        `run ${extrapolation.run}: predictions.parquet has .* bytes, not the .* goes back to step 40`,
      ),
    );
    expect(compareSnapshots(expected, collectSnapshot(project.results))).toEqual([]);

    const weights = join(listCheckpoints(extrapolation.paths.checkpoints)[0]!, 'weights.safetensors');
    const bytes = readFileSync(weights);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 5) ^ 1, bytes.length - 5);
    writeFileSync(weights, bytes);
    rmSync(extrapolation.paths.record);
    expect(expectEnd(await project.run('experiment', ...toy), 0)).toContain(
      'checkpoint step-000040 is no good: weights.safetensors does not have the checksum it was written with; it starts again from step 0',
    );
    expect(compareSnapshots(expected, collectSnapshot(project.results))).toEqual([]);
  });

  it('whose manifest is damaged is named by every command, and by what to type', async () => {
    const project = copyFinished();
    const [random, extrapolation] = [findRun(project, 'random'), findRun(project, 'extrapolation')];
    shorten(random.paths.manifest);
    const { manifest } = extrapolation.paths;
    const edited = readFileSync(manifest, 'utf8').replace('"tier": "', '"tier": "my ');
    writeFileSync(manifest, edited);
    const refusal = expectEnd(await project.run('tables', 'toy'), 1);
    for (const { run } of [random, extrapolation])
      expect(refusal).toMatch(
        new RegExp(`\\(${run}\\): manifest.json has \\d+ bytes, not the \\d+ that were written`),
      );
    expect(refusal).toContain("the study's own command runs what is left");

    const message = expectEnd(await project.run('experiment', ...toy), 0);
    expect(message).toContain(
      `run ${extrapolation.run}: what its manifest was lies in manifest.damaged.json`,
    );
    expect(readFileSync(join(extrapolation.paths.folder, 'manifest.damaged.json'), 'utf8')).toBe(edited);
    expect(compareSnapshots(expected, collectSnapshot(project.results))).toEqual([]);
    expectEnd(await project.run('tables', 'toy'), 0);
  });
});

describe('a study in which one run diverges', () => {
  const words = [
    ...toy,
    'split=extrapolation',
    'training.optimizer.learning_rate=5e-4,10',
    `model.widths=[${Array(20).fill(16).join(',')}]`,
    'training.checkpoint_every=1',
  ];

  it('says what to try, has the other run in its tables, and repeats it only on request', async () => {
    const project = makeProject();
    const first = await project.run('experiment', ...words);
    const message = expectEnd(first, 1);
    expect(message).toMatch(
      /training diverged at step 2: the training loss is (NaN|Infinity); the last good checkpoint is the one of step 1/,
    );
    expect(message).toContain(
      '→ lower the learning rate (it is 10): training.optimizer.learning_rate=1\n' +
        '  → find the step at which the loss begins to rise: training.log_every=1\n' +
        '  → try the model on one batch only: debug=overfit\n',
    );
    expect(message).toContain('3 of 4 done, 1 failed (--retry-failed runs them again).');
    expect(first.stdout).toMatch(
      /^MLP, learning rate=0\.0005 +−?\d+\.\d{3} ± n\/a +−?\d+\.\d{3} ± n\/a +1$/m,
    );
    expect(first.stdout).toMatch(/^MLP, learning rate=10 +missing +missing +0$/m);

    const attempts = () =>
      listRuns(project.results)
        .map(({ status }) => `${status?.state} ${status?.attempts}`)
        .sort();
    expect(attempts()).toEqual(['done 1', 'done 1', 'done 1', 'failed 1']);
    const again = await project.run('experiment', ...words);
    expect(expectEnd(again, 1)).toContain('training diverged at step 2');
    expect(again.stdout).toContain('1 failed before (--retry-failed runs them again)');
    expect(attempts()).toEqual(['done 1', 'done 1', 'done 1', 'failed 1']);
    expectEnd(await project.run('experiment', ...words, '--retry-failed'), 1);
    expect(attempts()).toEqual(['done 1', 'done 1', 'done 1', 'failed 2']);
  });
});

describe('a study that is stopped', () => {
  const words = [...toy, 'split=extrapolation', 'training.steps=400', 'training.checkpoint_every=20'];
  let undisturbed: Snapshot;
  const project = makeProject();

  beforeAll(async () => {
    const other = makeProject();
    expectEnd(await other.run('experiment', ...words), 0);
    undisturbed = collectSnapshot(other.results);
  });

  function expectInterrupted({ exitCode, stderr = '' }: { exitCode?: number; stderr?: string }): void {
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/interrupted at step \d+; the same command continues it/);
    expect(stderr).toMatch(/\d of 3 done, \d left: type the same command again to continue\./);
  }

  /** Starts the study and waits until its run has two checkpoints. */
  async function startAndWait() {
    const command = project.start('experiment', ...words);
    const run = await waitFor(
      () => listRuns(project.results).find(({ paths }) => listCheckpoints(paths.checkpoints).length === 2),
      command,
    );
    return { command, run: run! };
  }

  it('never runs twice: a second command says who has the run; Ctrl-C ends with 130, and it continues', async () => {
    const { command, run } = await startAndWait();
    const job = listJobs(command.pid).find((each) => each.run === run.run)!;
    process.kill(job.pid, 'SIGSTOP');
    const second = await project.run('experiment', ...words);
    process.kill(job.pid, 'SIGCONT');
    const message = expectEnd(second, 1);
    expect(message).toMatch(
      new RegExp(`running elsewhere: .* \\(${run.run}\\) is in the hands of process ${job.pid} on host`),
    );
    expect(message).toContain('1 running elsewhere: type the same command again when they have ended');

    command.kill('SIGINT');
    expectInterrupted(await command);
    const last = listCheckpoints(run.paths.checkpoints).at(-1)!;
    expect(expectEnd(await project.run('experiment', ...words), 0)).toContain(
      `continues from step ${stepOf(last)}`,
    );
    expect(compareSnapshots(undisturbed, collectSnapshot(project.results))).toEqual([]);
  });

  it('by SIGTERM continues too, from an earlier checkpoint if the last is damaged', async () => {
    rmSync(project.results, { recursive: true });
    const { command, run } = await startAndWait();
    command.kill('SIGTERM');
    expectInterrupted(await command);
    const [earlier, last] = listCheckpoints(run.paths.checkpoints);
    shorten(join(last!, 'weights.safetensors'));
    const message = expectEnd(await project.run('experiment', ...words), 0);
    expect(message).toMatch(
      new RegExp(`${basename(last!)} is no good: .*; it goes back to step ${stepOf(earlier!)}`),
    );
    expect(message).toContain(`continues from step ${stepOf(earlier!)}`);
    expect(compareSnapshots(undisturbed, collectSnapshot(project.results))).toEqual([]);
  });
});

describe('a disk', () => {
  const isRoot = process.getuid?.() === 0;
  const mount = (...words: readonly string[]) => spawnSync('mount', words).status === 0;
  const unmount = (folder: string) => spawnSync('umount', [folder]).status === 0;
  const mountSmall = (folder: string) => mount('-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', folder);
  const probe = temporaryFolder();
  const canMount = mountSmall(probe) && unmount(probe);
  rmSync(probe, { recursive: true });

  it.skipIf(!canMount)(
    'that is full stops the study, which ends once there is space (needs root)',
    async () => {
      const full = makeProject();
      full.write('results/README.md', '');
      expect(mountSmall(full.results)).toBe(true);
      onTestFinished(() => void unmount(full.results));
      const message = expectEnd(await full.run('experiment', ...toy), 1);
      expect(message).toContain('no space is left on the disk');
      expect(message).toContain(
        '→ free some space, then run the same command again: it continues where it was',
      );
      expect(mount('-o', 'remount,size=30m', full.results)).toBe(true);
      expectEnd(await full.run('experiment', ...toy), 0);
      expect(compareSnapshots(expected, collectSnapshot(full.results))).toEqual([]);
    },
  );

  it.skipIf(isRoot && !canMount)(
    'that cannot be written is named; what lies on it is still shown',
    async () => {
      const project = copyFinished();
      const { results } = project;
      const sweeps = join(results, 'sweeps');
      if (isRoot)
        expect(mount('--bind', results, results) && mount('-o', 'remount,ro,bind', results)).toBe(true);
      else chmodSync(sweeps, 0o555);
      try {
        const message = expectEnd(await project.run('experiment', ...toy, 'seed=1'), 1);
        expect(message).toMatch(/the file system is read-only|permission is denied/);
        expect(message).toContain('→ write somewhere else with paths.results=FOLDER');
        const elsewhere = `paths.results=${join(project.folder, 'elsewhere')}`;
        expectEnd(await project.run('experiment', ...toy, 'split=random', 'training.steps=10', elsewhere), 0);
        const { run } = findRun(project, 'random');
        const refusal = expectEnd(await project.run('experiment', 'evaluate', run), 1);
        const copy = join(project.folder, 'copy');
        const [, words] = /→ work on a copy: (cp -r .*) FOLDER, then the same with/.exec(refusal) ?? [];
        expect(spawnSync('sh', ['-c', `${words} '${copy}'`]).status).toBe(0);
        expectEnd(await project.run('experiment', 'evaluate', run, `paths.results=${copy}`), 0);
        const again = await project.run('experiment', ...toy);
        expect(expectEnd(again, 0)).toBe('');
        expect(again.stdout).toContain('R² by model and split');
      } finally {
        if (isRoot) unmount(results);
        else chmodSync(sweeps, 0o755);
      }
      expect(compareSnapshots(expected, collectSnapshot(results))).toEqual([]);
    },
  );
});
