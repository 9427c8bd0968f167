import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tensorFlowWorks } from '../engine/testing/tensorflow.js';
import { listRuns } from '../runs/list.js';
import { readManifest } from '../runs/provenance/manifest.js';
import { listFilesBelow } from './files.js';
import { makeProject, type Project, toy } from './project.js';

/** So few images that drawing all of them costs no more than drawing the batches. */
const words = [
  ...toy,
  'split=extrapolation',
  'training.steps=120',
  'training.batch_size=32',
  'engine.backend=tensorflow',
];

/** Everything that was trained and predicted, by its place. */
function bytesOf({ results }: Project): Map<string, Buffer> {
  const files = listRuns(results).flatMap(({ run, paths }) => [
    [`${run} predictions`, paths.predictions] as const,
    ...listFilesBelow(paths.checkpoints)
      .filter((file) => file.endsWith('.safetensors'))
      .map((file) => [`${run} ${file}`, join(paths.checkpoints, file)] as const),
  ]);
  return new Map(files.map(([name, path]) => [name, readFileSync(path)]));
}

const residentOf = ({ results }: Project) =>
  listRuns(results).flatMap(({ paths }) => {
    const engine = readManifest(paths)?.engine as { tier: string; resident?: number } | undefined;
    return engine?.tier === 'tensorflow' ? [engine.resident] : [];
  });

describe.skipIf(!tensorFlowWorks)('a training set on the device', () => {
  it('trains replicas to the bytes of batches that are fed', async () => {
    const [fed, resident] = [makeProject(), makeProject()];
    const own = [...words, 'seed=0,1', 'replicas=2'];
    for (const [project, setting] of [
      [fed, 'off'],
      [resident, 'auto'],
    ] as const) {
      const { code, stderr } = await project.run('experiment', ...own, `engine.resident_data=${setting}`);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    }
    expect(new Set(residentOf(fed))).toEqual(new Set([0]));
    expect(new Set(residentOf(resident))).toEqual(new Set([1]));
    expect(bytesOf(resident)).toEqual(bytesOf(fed));
  });
});
