import { expect, it } from 'vitest';
import { planStudy } from '../cli/plan-study.js';
import { composeStudy, type ExperimentConfig, loadSettings } from '../config/index.js';
import { projectRoot } from '../core/files/paths.js';
import { openTable } from '../datasets/index.js';
import { makeSplit } from '../splits/index.js';

// Runs of the committed experiment lie in people's results under these names, with these splits in their manifests.
const splitHashes: Readonly<Record<string, string>> = {
  random: '5eb0e2ee493733d942480e45eb1d6812cad628822d3ecbdab29dfefec023c98d',
  composition: '8447a3ac3a29110c810f967d8f7df6d7cbcce02ea2f85fa7f5611b074097e6a9',
  interpolation: 'f0a6306d841d61d12bf4288eccbec65f1070f583df85f36e5afcc23d23a73274',
  extrapolation: '1f2a989b9975bbbd992719f5635dc2c249a9c2884362f96e481dc3a865ba047f',
};
const runs = [
  '36754d4ecc d7c3cb4f65 ec8bc75f63 3207141aec 0ae629cb5c d1a1069201 2e2ede8981 7d6997cfa9 d83e2b37d3 2b893b8401',
  '80f4df47eb a48e428b95 7421251f22 1bdd49cdfd 2e8b09b113 9e962b9851 dc7bddae44 98e08a0eff 7f7885ff84 e959196ebf',
  '6698bea3fd 697476c1d3 877f1d0035 18a44819c3 82857b6749 daa319d6fa 4cd9a4ac6c efdac4bee8 f1e20b6758 81a578f332',
  'a6d4b405c5 b2f80663b6',
].flatMap((line) => line.split(' '));

it('the study of held-out combinations keeps its runs and splits', async () => {
  const study = composeStudy({ settings: loadSettings(projectRoot()), config: 'ood', overrides: [] });
  const { jobs } = await planStudy(study);
  expect(jobs.map(({ run }) => run)).toEqual(runs);
  for (const { config, labels } of jobs.filter(({ labels }) => labels.seed === '0')) {
    const { dataset, split } = config as unknown as ExperimentConfig;
    const table = await openTable(dataset, { dataFolder: 'data' });
    expect(makeSplit(table, split).hash).toBe(splitHashes[labels.split]);
  }
});
