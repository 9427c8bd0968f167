import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { algorithms } from '../../src/config/domainbed/catalogue.js';
import { drawHyperParameters } from '../../src/config/domainbed/hyper-parameters/registry.js';
import { monotonicSeconds } from '../../src/core/clock.js';
import { createFastStream, openKeys } from '../../src/random/fast-stream.js';
import { accuracyName, type DomainRecord } from '../../src/selection/domain-record.js';
import { domainBedRules } from '../../src/selection/index.js';
import { jobFolder, sweepJobs } from '../../src/sweeps/domainbed/jobs.js';
import { readJobs } from '../../src/sweeps/domainbed/layout/read-jobs.js';
import { encodeRecord } from '../../src/sweeps/domainbed/layout/write-job.js';
import { resultTables } from '../../src/tables/domainbed/results.js';
import { type BenchRow, describeTimes } from './row.js';

const jobs = 10_000;
const checkpoints = 5;

/** Collects 50,000 records in 10,000 job folders into DomainBed's tables: what `tables --layout domainbed` does. */
export function benchDomainBed(repeats = 3): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-bench-domainbed-'));
  try {
    writeRecords(folder);
    const seconds = Array.from({ length: repeats }, () => {
      const start = monotonicSeconds();
      resultTables(
        readJobs(folder).flatMap((job) => job.records),
        domainBedRules,
        'text',
      );
      return monotonicSeconds() - start;
    });
    const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
    return [
      {
        name: "DomainBed's tables from 50,000 records",
        ...describeTimes(seconds, 's'),
        goal: '< 10 s and 1,500 MB',
        note: `at most ${megabytes} MB held, with making the records`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeRecords(folder: string): void {
  const random = createFastStream(openKeys(0, 'bench', 'domainbed'));
  random.place(0, 0);
  const datasets = [
    { name: 'PACS', environments: 4 },
    { name: 'DomainNet', environments: 6 },
  ];
  for (const args of sweepJobs({ datasets, algorithms, dataFolder: '.', steps: 5001 }).slice(0, jobs)) {
    const name = jobFolder(args);
    const hparams = drawHyperParameters(args.algorithm, args.dataset, args.hparams_seed, args.trial_seed);
    const environments = args.dataset === 'PACS' ? 4 : 6;
    const lines = Array.from({ length: checkpoints }, (_, index) => {
      const accuracies = Array.from({ length: environments }, (_, environment) => [
        [accuracyName(environment, 'in'), random.uniform(0, 1)],
        [accuracyName(environment, 'out'), random.uniform(0, 1)],
      ]).flat();
      const scalars = { loss: random.uniform(0, 2), epoch: 1.5 * index, step_time: 0.1, mem_gb: 1.5 };
      const record: DomainRecord = {
        ...Object.fromEntries(accuracies),
        ...scalars,
        args,
        hparams,
        step: 300 * index,
      };
      return encodeRecord(record, `sweep/${name}`);
    });
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'results.jsonl'), `${lines.join('\n')}\n`);
    writeFileSync(join(folder, name, 'done'), 'done');
  }
}
