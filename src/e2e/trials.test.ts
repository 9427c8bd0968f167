import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeTrial } from '../cli/jobs/trial-processes.js';
import { recallTrial, type Trial } from '../cli/jobs/trials.js';
import { tensorFlowWorks } from '../engine/testing/tensorflow.js';
import { measureCapacity } from '../launchers/concurrency.js';
import { listCheckpoints } from '../runs/checkpoints/checkpoints.js';
import { listRuns } from '../runs/list.js';
import { readManifest } from '../runs/provenance/manifest.js';
import { tryKill, waitFor } from './killing.js';
import { makeProject, type Project, toy } from './project.js';

/** A model that has not been tried here. */
const width = 8 + (Date.now() % 5000);
/** By the guess of a plan's time, training takes minutes. */
const long = (steps: number) => [`training.steps=${steps}`, 'training.checkpoint_every=500'];
const words = [
  ...[...toy, 'split=extrapolation', 'evaluation.references=[]', 'engine.backend=tensorflow'],
  ...[`model.widths=[2,${width}]`, 'training.monitor.every=1000000'],
];
const enoughCores = measureCapacity().cores >= 2;

/** Processes that take orders, of the command with this pid. */
function listChildren(parent: number | undefined): number[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, ppid] = /^\s*(\d+)\s+(\d+)\s.*job\.mjs .* order /.exec(line) ?? [];
    return Number(ppid) === parent ? [Number(pid)] : [];
  });
}

/** Starts a study, waits until its runs have begun and stops it. */
async function begin(project: Project, ...more: readonly string[]) {
  const checkpoints = () =>
    listRuns(project.results)
      .flatMap(({ paths }) => listCheckpoints(paths.checkpoints))
      .join();
  const before = checkpoints();
  const command = project.start('experiment', ...words, ...more);
  await waitFor(() => (checkpoints() === before ? undefined : true), command);
  command.kill('SIGINT');
  const { stdout, stderr, exitCode } = await command;
  expect(exitCode).toBe(130);
  const engines = listRuns(project.results).map(({ paths }) => readManifest(paths)?.engine);
  return { stdout: String(stdout), stderr: String(stderr), engines: engines as Record<string, unknown>[] };
}

describe.skipIf(!tensorFlowWorks || !enoughCores)('a trial', { timeout: 180_000 }, () => {
  it('of threads is made once, and decides', async () => {
    const project = makeProject();
    const dry = await project.run('experiment', ...words, ...long(400_000), '--dry-run');
    expect(dry.stdout).toMatch(/a trial, a few seconds each, of 1 and \d+ threads, for mlp/);

    const first = await begin(project, ...long(400_000));
    expect(first.stderr).toMatch(/^trying 1 and \d+ threads, for mlp$/m);
    const found = /mlp: threads of one run (\d+): a step takes .+ ms with 1, .+ ms with \d+/;
    const threads = Number(found.exec(first.stdout)?.[1]);
    expect(first.engines[0]).toMatchObject({ threads });

    const second = await begin(project, ...long(400_000));
    expect(second.stderr).not.toContain('trying');
    expect(second.stdout).toContain(found.exec(first.stdout)?.[0]);
    expect(second.engines[0]).toMatchObject({ threads });

    for (const more of ['engine.deterministic=true', 'engine.threads=2']) {
      const other = await project.run('experiment', ...words, ...long(400_000), more, '--dry-run');
      expect(other.stdout).not.toMatch(/trial|threads of one run/);
    }
  });

  it('of replicas is made with one thread each, and decides', async () => {
    const project = makeProject();
    const sweep = ['seed=0,1,2,3', 'replicas=auto', 'launcher.jobs=1', 'engine.threads=1'];
    const dry = await project.run('experiment', ...words, ...long(100_000), ...sweep, '--dry-run');
    expect(dry.stdout).toContain('of 1 and 4 runs together, for mlp');
    const short = await project.run('experiment', ...words, ...long(100), ...sweep, '--dry-run');
    expect(short.stdout).toContain('replicas=auto takes up to 4 without a trial');

    const { stdout, engines } = await begin(project, ...long(100_000), ...sweep);
    const found =
      /mlp: (replicas do not pay|4 replicas), since a step of one run takes .+ ms alone, .+ ms as one/;
    const replicas = found.exec(stdout)?.[1] === '4 replicas' ? 4 : 1;
    expect(stdout).toMatch(found);
    expect(engines[0]).toMatchObject({ replicas, threads: 1 });
  });
});

it.skipIf(!tensorFlowWorks || !enoughCores)(
  'of which a process dies leaves the cores as divided',
  async () => {
    const project = makeProject();
    const command = project.start('experiment', ...words, 'model.widths=[3]', ...long(400_001));
    const killed = await waitFor(() => listChildren(command.pid).find((pid) => tryKill(pid)), command);
    expect(killed).toBeDefined();
    await waitFor(
      () => listRuns(project.results).find(({ paths }) => readManifest(paths) !== undefined),
      command,
    );
    command.kill('SIGINT');
    const { stderr } = await command;
    expect(stderr).toMatch(
      /^notice: the trial failed, the cores are divided without it: the process was ended by/m,
    );
    const [run] = listRuns(project.results);
    expect(readManifest(run!.paths)?.engine).toMatchObject({ threads: Math.floor(measureCapacity().cores) });
  },
);

it('that fails says why, and is not remembered', async () => {
  const job = { run: '0', label: 'a job', config: { model: { name: `none ${width}` } } };
  const trial = {
    jobs: [job],
    probes: [{ threads: 1, sideBySide: false, sizes: [1] }],
    version: '',
  } as unknown as Trial;
  const { signal } = new AbortController();
  expect(await makeTrial(trial, { stop: signal, kill: signal })).toContain('the process ended');
  expect(recallTrial(trial)).toBeUndefined();
});
