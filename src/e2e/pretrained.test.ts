import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { weightsPath } from '../models/pretrained/testing/golden.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { openSafetensors } from '../runs/checkpoints/open-safetensors.js';
import { listRuns } from '../runs/list.js';
import { readManifest } from '../runs/provenance/manifest.js';
import { type CommandResult, callCommand, runCommand, temporaryFolder } from './cli.js';

const results = temporaryFolder();
const file = join(results, 'upstream.safetensors');
const words = [
  ...['dataset=sprites', 'dataset.side=32', 'dataset.draws=2', 'split=statement', 'objective=cross_entropy'],
  ...['~split.sets', '+split.sets={train: {rendition: normal, hue: red}, test: {rendition: mix, hue: red}}'],
  ...['model=resnet', 'model.block=bottleneck', 'model.layers=[1,2,1,1]', 'model.width=4', 'model.stem=deep'],
  ...['model.shortcut=mean', `model.weights=${file}`, 'dataset/normalise=imagenet'],
  ...['engine.backend=wasm', 'training.batch_size=8', 'training.monitor={every: 3, examples: 16}'],
  ...['evaluation.references=[]', 'evaluation.train_examples=16', 'evaluation.test_examples=16'],
  ...['evaluation.batch_size=8', 'training.steps=3', `paths.results=${results}`, '--progress', 'plain'],
];
const train = (...more: readonly string[]) => runCommand('experiment', [...words, ...more]);
const refused = (...more: readonly string[]) => callCommand('experiment', [...words, ...more]);
let trained: CommandResult;
beforeAll(async () => {
  copyFileSync(weightsPath('resnet-d.safetensors'), file);
  trained = await train('study.name=tuned');
});
afterAll(() => rmSync(results, { recursive: true, force: true }));

it('trains a network on from a file of weights, which its name depends on', async () => {
  expect(trained.code, trained.stderr).toBe(0);
  const [run] = listRuns(results, 'tuned');
  const log = readFileSync(run!.paths.log, 'utf8');
  expect(log).toContain('begins with the weights of upstream.safetensors');
  expect(log).toContain('images enter with mean 0.485, 0.456, 0.406 and scale 0.229, 0.224, 0.225 taken off');
  expect(log).toContain("the read-out is new, with 19 outputs: the file's has 5");
  const hash = sha256(readFileSync(file));
  expect(readManifest(run!.paths)!.data.origin).toEqual({ file: 'upstream.safetensors', weights: hash });
  expect(readFileSync(run!.paths.resolved, 'utf8')).toContain(`weights_sha256: ${hash}`);

  const given = openSafetensors(file, 'model.weights');
  const { parameters } = findLastGoodCheckpoint(run!.paths.checkpoints, run!.run).checkpoint!.state;
  const own = (name: string) => parameters[`stage2/block1/${name}`]!.data;
  expect(own('norm1/mean')).toEqual(given.read('layer2.0.bn1.running_mean'));
  expect(own('shortcut-norm/variance')).toEqual(given.read('layer2.0.downsample.2.running_var'));
  const scale = given.read('layer2.0.bn1.weight');
  expect(own('norm1/scale')).not.toEqual(scale);
  for (const [at, value] of own('norm1/scale').entries())
    expect(Math.abs(value - scale[at]!)).toBeLessThan(0.02);
});

it('is the same run wherever the file lies, and another one for another file', async () => {
  const elsewhere = join(results, 'elsewhere.safetensors');
  copyFileSync(file, elsewhere);
  const moved = await train('study.name=moved', `model.weights=${elsewhere}`);
  expect(moved.code, moved.stderr).toBe(0);
  const [first] = listRuns(results, 'tuned');
  expect(listRuns(results).filter(({ run }) => run !== first!.run)).toEqual([]);
  const other = await refused(`model.weights=${weightsPath('vit.safetensors')}`, '--dry-run');
  expect(other.code, other.stderr).toBe(0);
  expect(other.stdout).not.toContain(first!.run);
});

it('refuses a file that is not there, or not the one that is named, before anything runs', async () => {
  const missing = await refused('model.weights=nowhere.safetensors');
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/model\.weights: there is no file .*nowhere\.safetensors/);
  const other = await refused(`+model.weights_sha256="${'0'.repeat(64)}"`);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain('is not the file that was asked for: its SHA-256 is');
});
