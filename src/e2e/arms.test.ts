import { describe, expect, it } from 'vitest';
import { isTrained, planStudy } from '../cli/plan-study.js';
import { composeJobs, composeStudy, loadSettings } from '../config/index.js';
import { projectRoot } from '../core/files/paths.js';
import { loadModel } from '../models/index.js';
import { countParameters } from '../models/initialise.js';

const settings = loadSettings(projectRoot());
/** The extra small size: the same keys for all that are made of circuits. */
const extraSmall = [
  ...[
    'width=32',
    'signature_width=8',
    'processors=16',
    'read_outs=4',
    'layers=2',
    'heads=2',
    'head_width=16',
  ],
  ...['tokens.stem_channels=8', 'tokens.channels=16', 'prior.groups=4'],
].map((word) => `model.${word}`);

async function count(option: string, side: number, overrides: readonly string[] = []): Promise<number> {
  const words = [`model=${option}`, 'dataset=sprites', 'objective=cross_entropy', ...overrides];
  const [job] = composeJobs(composeStudy({ settings, config: 'config', overrides: words }));
  const shapes = { inputs: { image: [side, side, 3] }, outputs: 19 };
  return countParameters(await loadModel(job!.config.model, shapes));
}

it.each([
  ['alone', 'perceiver-io'],
  ['in a sweep', 'nac,perceiver-io'],
])('tables call a model by the file that was chosen, %s', async (_, models) => {
  const overrides = [`model=${models}`, 'dataset=sprites', 'objective=cross_entropy'];
  const study = composeStudy({ settings, config: 'config', overrides, multirun: models.includes(',') });
  const jobs = (await planStudy(study)).jobs.filter(isTrained);
  expect(jobs.map(({ labels }) => labels.model)).toEqual(models.split(','));
  expect(jobs.at(-1)!.label).toContain('model=perceiver-io');
});

describe('the parameters of the models of a comparison', () => {
  it.each([
    ['nac', 428_813],
    ['nac-dense', 427_656],
    ['sparse-perceiver', 407_785],
    ['perceiver-io', 406_628],
    ['vit', 417_811],
  ])('%s', async (option, expected) => {
    expect(await count(option, 64)).toBe(expected);
  });

  it.each([
    ['nac', 73_735],
    // Theirs has 163 more: signatures and bandwidths that nothing uses.
    ['perceiver-io', 70_127 - 163],
  ])('%s, extra small', async (option, expected) => {
    expect(await count(option, 32, extraSmall)).toBe(expected);
  });

  it.each(['nac-dense', 'sparse-perceiver'])('%s has the keys of an extra small one, too', async (option) => {
    expect(await count(option, 32, extraSmall)).toBeLessThan(74_000);
  });

  it('vit, extra small', async () => {
    const own = ['model.width=32', 'model.layers=5', 'model.heads=2'];
    expect(await count('vit', 32, own)).toBe(70_963);
    await expect(count('vit', 32, ['model.width=30'])).rejects.toThrow('4 heads do not divide a width of 30');
  });
});
