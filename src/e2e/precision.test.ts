import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tensorFlowWorks } from '../engine/testing/tensorflow.js';
import { listCheckpoints } from '../runs/checkpoints/checkpoints.js';
import { listRuns, type RunListing } from '../runs/list.js';
import { readManifest } from '../runs/provenance/manifest.js';
import { listJobs, tryKill, waitFor } from './killing.js';
import { makeProject, type Project, toy } from './project.js';

// Few steps and examples: float16 is slow on a CPU.
const few = ['steps=9', 'checkpoint_every=3', 'batch_size=8', 'monitor.every=100'];
const words = [
  ...[...toy, 'split=extrapolation', 'evaluation.references=[]', 'model.widths=[8]'],
  ...['evaluation.train_examples=16', 'evaluation.test_examples=16', 'evaluation.batch_size=16'],
  ...few.map((one) => `training.${one}`),
];
const onlyRun = ({ results }: Project): RunListing => listRuns(results)[0]!;
const lastCheckpoint = (project: Project, file: string): Buffer => {
  const { checkpoints } = onlyRun(project).paths;
  return readFileSync(join(listCheckpoints(checkpoints).at(-1)!, file));
};

describe.skipIf(!tensorFlowWorks)('engine.precision', () => {
  it('float16 goes on to the bit after a kill, with the scale of its loss', async () => {
    const low = [...words, 'engine.backend=tensorflow', 'engine.precision=float16', 'engine.xla=off'];
    const [whole, killed] = [makeProject(), makeProject()];
    const result = await whole.run('experiment', ...low);
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
    expect(result.stderr).toContain('notice: engine.precision=float16 is for GPUs');
    expect(readManifest(onlyRun(whole).paths)?.engine).toMatchObject({ precision: 'float16' });
    expect(lastCheckpoint(whole, 'optimizer.safetensors').toString('latin1')).toContain('loss_scaling/scale');

    const command = killed.start('experiment', ...low);
    const job = await waitFor(() => listJobs(command.pid)[0], command);
    // A run without a checkpoint begins anew, as the config then says.
    const hasCheckpoint = ({ paths }: RunListing) => listCheckpoints(paths.checkpoints).length > 0;
    expect(await waitFor(() => listRuns(killed.results).find(hasCheckpoint), command)).toBeDefined();
    tryKill(job!.pid);
    await command;
    // It stays as it began, whatever is asked for now.
    const later = await killed.run('experiment', ...words, 'engine.backend=tensorflow');
    expect(later.code).toBe(0);
    for (const file of ['weights.safetensors', 'optimizer.safetensors'])
      expect(lastCheckpoint(killed, file).equals(lastCheckpoint(whole, file))).toBe(true);
  });

  it('is refused where it cannot be had, before anything is written', async () => {
    const project = makeProject();
    for (const [backend, compile, hint] of [
      ['wasm', 'auto', 'npm run setup'],
      ['tensorflow', 'off', 'engine.compile=auto'],
    ] as const) {
      const engine = [`engine.backend=${backend}`, `engine.compile=${compile}`, 'engine.precision=bfloat16'];
      const result = await project.run('experiment', ...words, ...engine);
      expect(result.code).toBe(2);
      expect(result.stderr).toContain('engine.precision=float32');
      expect(result.stderr).toContain(hint);
    }
    expect(listRuns(project.results)).toEqual([]);
  });
});
