import { describe, expect, it } from 'vitest';
import { tensorFlowWorks } from '../engine/testing/tensorflow.js';
import { readRecord } from '../evaluation/record.js';
import { listCheckpoints } from '../runs/checkpoints/checkpoints.js';
import { listRuns, type RunListing } from '../runs/list.js';
import { readManifest } from '../runs/provenance/manifest.js';
import { listJobs, tryKill, waitFor } from './killing.js';
import { makeProject, type Project, toy } from './project.js';

const words = [...toy, 'split=extrapolation', 'seed=0,1', 'engine.backend=tensorflow'];
/** Test R² of every run, by its name. */
const scores = ({ results }: Project) =>
  new Map(
    listRuns(results).map(({ run, paths }) => {
      const rows = readRecord(paths.record)?.rows ?? [];
      const row = rows.find(
        ({ set, metric, group }) => set === 'test' && metric === 'r2' && Object.keys(group).length === 0,
      );
      return [run, row?.value];
    }),
  );

function expectClose(found: Project, expected: Project): void {
  const [one, other] = [scores(found), scores(expected)];
  expect([...one.keys()].sort()).toEqual([...other.keys()].sort());
  for (const [run, value] of one) expect(value).toBeCloseTo(other.get(run)!, 4);
}

describe.skipIf(!tensorFlowWorks)('replicas', () => {
  it('give the numbers of single runs, also when they were killed', async () => {
    const [alone, together, killed] = [makeProject(), makeProject(), makeProject()];
    expect((await alone.run('experiment', ...words)).code).toBe(0);

    const result = await together.run('experiment', ...words, 'replicas=2');
    expect({ code: result.code, stderr: result.code === 0 ? '' : result.stderr }).toEqual({
      code: 0,
      stderr: '',
    });
    expect(result.stdout).toContain('up to 2 replicas in one');
    expectClose(together, alone);
    const sizes = listRuns(together.results).map(({ paths }) => {
      const { engine } = readManifest(paths) as { engine: { replicas?: number } };
      return engine.replicas ?? 0;
    });
    expect(sizes.filter((size) => size === 2)).toHaveLength(2);

    const command = killed.start('experiment', ...words, 'replicas=2');
    const job = await waitFor(() => listJobs(command.pid)[0], command);
    const hasCheckpoint = ({ paths }: RunListing) => listCheckpoints(paths.checkpoints).length > 0;
    expect(await waitFor(() => listRuns(killed.results).find(hasCheckpoint), command)).toBeDefined();
    tryKill(job!.pid);
    await command;
    expect((await killed.run('experiment', ...words, 'replicas=2')).code).toBe(0);
    expectClose(killed, alone);
  });

  it('fail alone', async () => {
    const project = makeProject();
    const rates = [
      'training.optimizer.learning_rate=0.0005,10',
      `model.widths=[${Array(20).fill(16).join()}]`,
    ];
    const result = await project.run(
      'experiment',
      ...toy,
      ...rates,
      'engine.backend=tensorflow',
      'replicas=2',
    );
    expect(result.code).toBe(1);
    const states = listRuns(project.results).map(({ status }) => status?.state);
    expect(states.filter((state) => state === 'failed')).toHaveLength(2);
    expect(states.filter((state) => state === 'done')).toHaveLength(states.length - 2);
  });
});
