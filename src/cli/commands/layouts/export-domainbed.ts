import { existsSync } from 'node:fs';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import { readDomainRuns } from '../../../reports/records/domain-records.js';
import { runFolder, runPaths } from '../../../runs/folder.js';
import type { JobArgs } from '../../../sweeps/domainbed/jobs.js';
import { writeJob } from '../../../sweeps/domainbed/layout/write-job.js';
import { print, printNotice } from '../../output/print.js';
import type { ExportRequest } from './export.js';

/**
 * The runs of a study by DomainBed's protocol as its training script leaves them, a folder each, so that its own scripts,
 * and `tables --layout domainbed`, read them.
 */
export function exportDomainBed({ plan, results, folder, named, shown }: ExportRequest): ExitCode {
  const runs = readDomainRuns(plan, results, plan.jobs);
  if (runs.length === 0) {
    throw new HeldoutError({
      code: 'E_EXPORT_NONE',
      message: `no run of ${plan.name} was trained by DomainBed's protocol`,
      place: 'command line',
      hints: ['npm run experiment -- --config domainbed.yaml dataset=colored_mnist algorithm=erm,irm'],
    });
  }
  let open = 0;
  for (const { job, records } of runs) {
    const done = existsSync(runPaths(runFolder(results, plan.study, job.run)).record);
    if (!done) open++;
    const { args: asked } = records[0]!;
    writeJob(folder, { args: asked as unknown as JobArgs, records, done });
  }
  print(
    `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} of ${plan.name} in ${named}\n  → npm run tables -- ${shown} --layout domainbed`,
  );
  if (open > 0) printNotice(`${open} of them ${open === 1 ? 'is' : 'are'} not done (no file done)`);
  return 0;
}
