import { expect, it } from 'vitest';
import { suggestNpmLine } from './npm-flags.js';

/** What npm leaves of a line without its `--`: settings, and the words that it does not know. */
const hintOf = (settings: Readonly<Record<string, string>>, ...words: string[]) =>
  suggestNpmLine('experiment', words, { npm_lifecycle_event: 'experiment', ...settings })?.hints[0];

it.each([
  [{ npm_config_config: 'true' }, ['ood.yaml'], '--config ood.yaml'],
  [{ npm_config_config: 'ood.yaml' }, [], '--config ood.yaml'],
  [
    { npm_config_config: 'true', npm_config_multirun: 'true' },
    ['status', 'ood'],
    '--config ood --multirun status',
  ],
  [{ npm_config_dry_run: 'true' }, ['model=mlp'], '--dry-run model=mlp'],
  [
    { npm_config_config: 'true', npm_config_info: 'true' },
    ['defaults', 'ood.yaml'],
    '--config ood.yaml --info defaults',
  ],
  [
    { npm_config_config: 'true', npm_config_force: 'true', npm_config_global: 'true' },
    ['job', 'ood.yaml', 'model.widths=[6]'],
    "--config ood.yaml --cfg job 'model.widths=[6]'",
  ],
  [{ npm_config_force: 'true', npm_config_global: 'true' }, ['all'], '--cfg all'],
  [{ npm_config_config: 'true' }, ['model=mlp'], '--config VALUE model=mlp'],
  [{}, ['ood.yaml', 'seed=1'], '--config ood.yaml seed=1'],
])('puts a line whose -- was forgotten together again: %j %j', (settings, words, line) => {
  expect(hintOf(settings, ...words)).toBe(`npm run experiment -- ${line}`);
});

it.each([
  [{}, ['--config', 'ood.yaml']],
  [{}, ['--conf', 'ood.yaml']],
  [{ npm_config_config: 'true' }, ['--config', 'ood.yaml']],
  [{ npm_config_progress: 'true', npm_config_json: 'true', npm_config_yes: 'true' }, ['seed=1']],
  [{ npm_config_dry_run: '' }, ['seed=1']],
  [{ npm_config_force: 'true', npm_config_global: 'true' }, ['seed=1']],
])('leaves a line alone that says what it means: %j %j', (settings, words) => {
  expect(hintOf(settings, ...words)).toBeUndefined();
});

it('has nothing to say where npm did not start it', () => {
  expect(suggestNpmLine('experiment', ['ood.yaml'], {})).toBeUndefined();
});
