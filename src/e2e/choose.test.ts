import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeProject } from './project.js';

const common = `
dataset: {side: 32, draws: 4}
evaluation: {train_examples: 16, test_examples: 32, batch_size: 16}
training: {steps: 4, batch_size: 8, log_every: 1, monitor: {every: 4, examples: 16}}
model: {widths: [8]}
mode: multirun
engine: {backend: wasm}
`;
const taken = '  - optional /experiment/final/rates: $' + '{model}';
const overrides = (experiment: string) => [`experiment=${experiment}`, '--progress', 'plain'];

it('a value is chosen by validation, and the next study takes it and compares seed by seed', async () => {
  const project = makeProject();
  const defaults = `defaults:
  - _self_
  - override /dataset: sprites
  - override /split: sprites-ood
  - override /model: mlp
  - override /evaluation: classification
  - override /objective: cross_entropy
`;
  project.write(
    'experiments/rates/experiment.yaml',
    `# @package _global_
${defaults}study: {name: rates, selection: {key: training.optimizer.learning_rate, into: final/rates}}
${common}sweep: {params: {model: mlp, training.optimizer.learning_rate: "1e-7,1e-2", seed: "100"}}
`,
  );
  project.write('experiments/rates/figures.yaml', 'figures: []\n');
  project.write(
    'experiments/final/experiment.yaml',
    `# @package _global_
${defaults.replace('  - _self_', `  - _self_\n${taken}`)}study:
  name: final
  comparisons:
    sets: [mix, iid]
    pairs: [{model: "mlp, widths=[8]", baseline: "mlp, widths=[4]"}]
    primary: {model: "mlp, widths=[8]", baseline: "mlp, widths=[4]", set: mix, effect: 0.02, source: a test}
    sound: {set: iid, at_least: 0.97}
${common}sweep:
  params: {model: mlp, model.widths: "[8],[4]", seed: "0,1"}
  without: [{model.widths: "[4]", seed: "1"}]
`,
  );

  const early = await project.run('experiment', 'choose', 'rates');
  expect([early.code, early.stderr]).toEqual([
    2,
    expect.stringContaining("nothing was run under the name 'rates'"),
  ]);
  const rates = await project.run('experiment', ...overrides('rates'));
  expect(rates.code, rates.stderr).toBe(0);
  const chosen = await project.run('experiment', 'choose', 'rates');
  expect(chosen.code, chosen.stderr).toBe(0);
  expect(chosen.stdout).toMatch(/^MLP +0\.\d{3} ± n\/a +0\.\d{3} ± n\/a +(1e-7|0\.01)$/m);
  const text = readFileSync(join(project.folder, 'experiments/final/rates/mlp.yaml'), 'utf8');
  const rate = /learning_rate: (.*)/.exec(text)![1]!;
  expect(chosen.stdout).toContain(rate);

  const shown = await project.run(
    'experiment',
    ...overrides('final'),
    '--cfg',
    'job',
    '--package',
    'training',
  );
  expect(shown.stdout).toContain(`learning_rate: ${rate}`);
  const final = await project.run('experiment', ...overrides('final'));
  expect(final.code, final.stderr).toBe(0);
  expect(final.stdout).toContain('Paired differences of accuracy on sprites');
  expect(final.stdout).toContain('too small for an OOD statement');
  expect(final.stdout).toMatch(/MLP, widths=\[8\] +MLP, widths=\[4\] .* 1 +1\.000/);

  const costs = await project.run('experiment', 'tables', 'final', 'cost-by-model');
  expect(costs.code, costs.stderr).toBe(0);
  expect(costs.stdout).toMatch(/^MLP, widths=\[8\] +24,755 +0\.02 +\d/m);

  const none = await project.run('experiment', 'choose', 'final');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('it has no study.selection')]);
}, 120_000);
