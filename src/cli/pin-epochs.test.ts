import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { composeJobs, composeStudy, loadSettings } from '../config/index.js';
import { projectRoot } from '../core/files/paths.js';
import { mnistSource } from '../datasets/idx/sources.js';
import { writeIdxSource } from '../datasets/testing/idx-folder.js';
import { pinEpochs } from './pin-epochs.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-epochs-'));
beforeAll(() => writeIdxSource(folder, mnistSource, 300, 1));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function stepsOf(...overrides: readonly string[]): Promise<number> {
  const study = composeStudy({
    settings: loadSettings(projectRoot()),
    config: 'config.yaml',
    overrides: [
      ...['dataset=rotated_mnist', 'split=domains', 'split.test=[0]', 'split.holdout=0', 'model=mlp'],
      ...['objective=cross_entropy', '+training.epochs=2', 'training.batch_size=10', `paths.data=${folder}`],
      ...overrides,
    ],
    workingFolder: projectRoot(),
  });
  const [job] = await pinEpochs(composeJobs(study));
  return job!.config.training.steps;
}

it('an epoch is as many updates as it takes to see all examples, whatever batches are made of', async () => {
  const plain = await stepsOf();
  expect(plain % 2).toBe(0);
  const examples = 10 * (plain / 2);
  // Five environments are left to train on, and a batch has ten examples of each.
  expect(await stepsOf('+training.environments=replacement')).toBe(2 * Math.ceil(examples / 50));
  expect(await stepsOf('+training.environments=all')).toBe(2);
});
