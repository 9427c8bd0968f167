import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import { readDomainRuns } from '../../../reports/domain-records.js';
import { runFolder, runPaths } from '../../../runs/folder.js';
import type { JobArgs } from '../../../sweeps/domainbed/jobs.js';
import { writeJob } from '../../../sweeps/domainbed/layout/write-job.js';
import type { Arguments } from '../../arguments/arguments.js';
import { composeArguments } from '../../compose.js';
import { findPlan } from '../../find-plan.js';
import { print, printNotice } from '../../output/print.js';
import { resultsFolder } from '../../output/results.js';

const usage = 'npm run results -- export STUDY to=FOLDER --layout domainbed';

/**
 * `results -- export STUDY to=FOLDER --layout domainbed`: the runs of a study by DomainBed's protocol as its training script
 * leaves them, a folder each, so that its own scripts, and `tables --layout domainbed`, read them.
 */
export function exportStudy(args: Arguments, words: readonly string[]): ExitCode {
  const named = words.find((word) => word.startsWith('to='));
  const [name, ...more] = words.filter((word) => !word.includes('='));
  const others = words.filter((word) => word.includes('=') && word !== named);
  if (args.layout === undefined) throw refuse('a --layout is missing');
  if (name === undefined || named === undefined || more.length > 0) {
    throw refuse(
      name === undefined
        ? 'a STUDY is missing'
        : named === undefined
          ? 'to=FOLDER is missing'
          : `'${more[0]}' is one word too many`,
    );
  }
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), named.slice('to='.length));
  const results = resultsFolder(composeArguments(args, others));
  const plan = findPlan(results, name);
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
    `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} of ${plan.name} in ${named.slice('to='.length)}\n  → npm run tables -- ${relative(process.env.INIT_CWD ?? process.cwd(), folder) || folder} --layout domainbed`,
  );
  if (open > 0) printNotice(`${open} of them ${open === 1 ? 'is' : 'are'} not done (no file done)`);
  return 0;
}

function refuse(message: string): HeldoutError {
  return new HeldoutError({ code: 'E_USAGE', message, place: 'command line', hints: [usage] });
}
