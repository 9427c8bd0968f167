import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { projectRoot } from '../core/files/paths.js';
import { runCommand, startCommand, temporaryFolder } from './cli.js';

/**
 * A study of two runs and four references that takes seconds: `toy`, or `little`. It runs on wasm, which starts
 * soonest.
 */
export const toyExperiment = `# @package _global_
defaults:
  - _self_
  - override /model: mlp

study: {name: toy, alias: [little], title: A toy}
mode: multirun
engine: {backend: wasm}
dataset: {levels: {orientation: {first: 4}, x: {every: 8}, y: {every: 8}}}
model: {widths: [16, 8]}
training:
  steps: 40
  batch_size: 16
  checkpoint_every: 10
  log_every: 5
  monitor: {every: 20, examples: 32}
evaluation: {train_examples: 64, test_examples: 128}
sweep:
  params: {model: "mlp", split: "random,extrapolation", seed: "0"}
`;

/** A project of its own: our sources, packages and configs with an experiment that the test may change. */
export interface Project {
  readonly folder: string;
  /** Its results, which every command gets. */
  readonly results: string;
  run(program: string, ...args: readonly string[]): ReturnType<typeof runCommand>;
  start(program: string, ...args: readonly string[]): ReturnType<typeof startCommand>;
  /** Writes a file, by its path in the project. */
  write(path: string, text: string): void;
}

/** The words that run the toy study: `project.run('experiment', ...toy)`. */
export const toy = ['experiment=toy', '--progress', 'plain'] as const;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Makes a project, which is removed when the tests of its file are done; `results` of another are copied into it.
 * Only with `figures` its study draws them, which takes longer than all the rest of it.
 */
export function makeProject(results?: string, { figures = false } = {}): Project {
  const folder = temporaryFolder();
  folders.push(folder);
  for (const name of ['package.json', 'package-lock.json', 'scripts', 'experiments']) {
    cpSync(join(projectRoot(), name), join(folder, name), { recursive: true });
  }
  for (const name of ['src', 'configs', 'node_modules'])
    symlinkSync(join(projectRoot(), name), join(folder, name));
  const project: Project = {
    folder,
    results: join(folder, 'results'),
    run: (program, ...args) => runCommand(program, args, {}, folder),
    start: (program, ...args) => startCommand(program, args, {}, false, folder),
    write(path, text) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
  };
  project.write('experiments/toy/experiment.yaml', toyExperiment);
  if (!figures) project.write('experiments/toy/figures.yaml', 'figures: []\n');
  if (results !== undefined) cpSync(results, project.results, { recursive: true, preserveTimestamps: true });
  return project;
}
