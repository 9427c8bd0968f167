import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { fromRoot } from '../core/files/paths.js';
import { openDataset } from '../datasets/index.js';
import { readPredictions } from '../evaluation/predictions-file.js';
import { listRuns } from '../runs/list.js';
import { runCommand, temporaryFolder, toyStudy } from './cli.js';

const python = process.env.HELDOUT_PYTHON ?? 'python3';
const probe = spawnSync(python, ['-c', 'import torch, pandas, pyarrow, safetensors']);
const results = temporaryFolder();

beforeAll(async () => {
  if (probe.status === 0) await runCommand('experiment', toyStudy(results, 'split=random'));
});

it.skipIf(probe.status !== 0)(
  "the README's Python loads weights and predictions (needs a Python with torch, pandas, pyarrow, safetensors: HELDOUT_PYTHON)",
  async () => {
    const run = listRuns(results).find(({ status }) => (status?.stages.trained ?? 0) > 0)!;
    const table = await readPredictions(run.paths.predictions);
    const examples = table.example.slice(0, 32);
    const levels = { orientation: { first: 4 }, x: { every: 8 }, y: { every: 8 } };
    const dataset = await openDataset({ name: 'dsprites', levels }, { dataFolder: results });
    const images = new Float32Array(examples.length * 64 * 64);
    dataset.fill('image', examples, images);
    const imageFile = join(results, 'images.f32');
    writeFileSync(imageFile, images);

    const snippet = /```python\n([\s\S]*?)```/.exec(readFileSync(fromRoot('README.md'), 'utf8'))![1]!;
    expect(snippet.trim().split('\n')).toHaveLength(6);
    const program = `run = ${JSON.stringify(run.paths.folder)}
${snippet}
images = torch.from_file(${JSON.stringify(imageFile)}, size=${images.length}).reshape(-1, 1, 64, 64)
columns = [name for name in predictions.columns if name.startswith("prediction_")]
stored = torch.tensor(predictions[columns].values[: len(images)])
print(float((net(images).detach() - stored).abs().max()))`;
    const ran = spawnSync(python, ['-c', program], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    expect(Number(ran.stdout)).toBeLessThan(1e-5);
  },
);
