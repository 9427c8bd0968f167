import { describe, expect, it } from 'vitest';
import { jobFolder, jobSeed, sweepJobs, testEnvironments } from './jobs.js';

const sweep = {
  datasets: [{ name: 'VLCS', environments: 4 }],
  algorithms: ['ERM'],
  dataFolder: '/checkpoint/dlp/datasets_new',
  ...{ draws: 2, trials: 2, steps: 1001 },
};

describe('sweepJobs', () => {
  // Names of folders in DomainBed's own domainbed/misc/test_sweep_data, in the order of its sweep.
  it("has the seeds and folders of DomainBed's own sweep", () => {
    const jobs = sweepJobs(sweep);
    expect(jobs).toHaveLength(40);
    expect(jobs.slice(0, 4).map(jobFolder)).toEqual([
      '66006bc6faa9f96db95a5bcfc3e4340a',
      '6d481a40ca86768fad6a5088cb58458e',
      'ea7d2d5149dd9167b364d433bb355be1',
      '691f8b51c9f69b380113a6a2645392bb',
    ]);
    expect(jobs[11]).toMatchObject({ test_envs: [1, 2], hparams_seed: 1, trial_seed: 0, seed: 360234358 });
    expect(jobFolder(jobs[11]!)).toBe('0657090f9a83ff76efe083a104fde93a');
    expect(jobFolder(jobs[39]!)).toBe('cf42c3176baf91b96bb7dd0ff3c686cc');
  });

  it.each([
    [3, 360],
    [4, 600],
    [6, 1260],
    [10, 3300],
  ])('has for %i environments %i jobs for an algorithm', (environments, jobs) => {
    const datasets = [{ name: 'any', environments }];
    expect(sweepJobs({ datasets, algorithms: ['ERM'], dataFolder: '.' })).toHaveLength(jobs);
  });

  it('leaves pairs and earlier draws out where it is told to', () => {
    const jobs = sweepJobs({ ...sweep, singleTestEnvironments: true, firstDraw: 1, trials: 1 });
    expect(jobs.map((job) => [job.test_envs, job.hparams_seed])).toEqual([
      ...[0, 1, 2, 3].map((environment) => [[environment], 1]),
    ]);
  });
});

it('pairs each environment with those after it', () => {
  expect(testEnvironments(3)).toEqual([[0], [0, 1], [0, 2], [1], [1, 2], [2]]);
  expect(() => testEnvironments(2)).toThrow(RangeError);
  expect(testEnvironments(2, true)).toEqual([[0], [1]]);
});

it('writes a whole share as the float that it is', () => {
  // hashlib.md5(json.dumps({...}, sort_keys=True).encode()).hexdigest() of Python, with holdout_fraction 0.0
  expect(
    jobFolder({
      ...{ dataset: 'PACS', algorithm: 'IRM', test_envs: [0], hparams_seed: 3, trial_seed: 1 },
      ...{ holdout_fraction: 0, data_dir: '/däta', task: 'domain_adaptation', hparams: '{"lr": 1e-3}' },
      seed: jobSeed('PACS', 'IRM', [0], 3, 1),
    }),
  ).toBe('b71128b56e684b0a7f8d3e412290572c');
});
