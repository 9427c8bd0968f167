import { join, resolve } from 'node:path';
import { type ExitCode, formatError, HeldoutError } from '../../../core/errors.js';
import { writeFileAtomic } from '../../../core/files/files.js';
import { autoRate, type DomainRecord, domainBedRules, type SelectionRule } from '../../../selection/index.js';
import { exactValues } from '../../../sweeps/domainbed/layout/exact-values.js';
import { type DomainJob, readJobs } from '../../../sweeps/domainbed/layout/read-jobs.js';
import { resultTables } from '../../../tables/domainbed/results.js';
import { topText } from '../../../tables/domainbed/top.js';
import type { Arguments } from '../../arguments/arguments.js';
import { splitWords } from '../../arguments/words.js';
import { print, printNotice } from '../../output/print.js';
import { describeChoices, describeMissing } from './choices.js';
import { readQuery } from './query.js';

const usage = 'npm run tables -- FOLDER --layout domainbed [--latex] [--auto-lr]';
const topUsage = 'npm run tables -- FOLDER --layout domainbed top dataset=VLCS algorithm=ERM test_env=0';

/**
 * `tables -- FOLDER --layout domainbed`: what DomainBed's collect_results prints for a folder of its job folders, also
 * into results.txt or results.tex there, as it does; `top ...`: what its list_top_hparams prints. Standard output is
 * the same to the character; what there is to say besides goes to standard error.
 */
export function showDomainBedTables(args: Arguments): ExitCode {
  const { overrides, operands } = splitWords(args.words);
  const [name, verb, ...more] = operands;
  if (name === undefined || more.length > 0 || (verb !== undefined && verb !== 'top')) {
    const message =
      name === undefined ? 'a FOLDER is missing' : `'${(more[0] ?? verb)!}' is one word too many`;
    throw new HeldoutError({ code: 'E_USAGE', message, place: 'command line', hints: [usage, topUsage] });
  }
  if (verb === undefined && overrides.length > 0) {
    const message = `'${overrides[0]}' goes with top`;
    throw new HeldoutError({ code: 'E_USAGE', message, place: 'command line', hints: [topUsage] });
  }
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), name);
  const jobs = readJobs(folder);
  const records = jobs.flatMap((job) => job.records);
  if (verb === 'top') {
    const query = readQuery(overrides, records, topUsage);
    print(topText(records, domainBedRules, query, exactValues(folder, jobs)));
    return tellIncomplete(jobs);
  }
  const rules = args.autoLr ? autoRates(records, folder) : domainBedRules;
  const { text, selections } = resultTables(records, rules, args.latex ? 'latex' : 'text');
  print(args.json ? `${JSON.stringify(describeChoices(selections), undefined, 2)}\n` : text);
  if (!args.json) keepBeside(join(folder, args.latex ? 'results.tex' : 'results.txt'), text);
  for (const line of describeMissing(selections)) printNotice(line);
  return tellIncomplete(jobs);
}

function autoRates(records: readonly DomainRecord[], folder: string): readonly SelectionRule[] {
  if (records.some((record) => Object.keys(record).some((key) => key.startsWith('fd_env'))))
    return [autoRate];
  throw new HeldoutError({
    code: 'E_USAGE',
    message:
      "--auto-lr is for what DomainBed's train_autolr leaves; no record here has an accuracy such as fd_env0_in_acc",
    place: folder,
    hints: [usage.replace(' [--auto-lr]', '')],
  });
}

/** The tables are printed; that they cannot be kept too is no reason to fail. */
function keepBeside(path: string, text: string): void {
  try {
    writeFileAtomic(path, text);
  } catch (error) {
    if (!(error instanceof HeldoutError)) throw error;
    printNotice(`not written: ${formatError(error).replace(/^error: /, '')}`);
  }
}

function tellIncomplete(jobs: readonly DomainJob[]): ExitCode {
  const open = jobs.filter(({ done }) => !done);
  if (open.length === 0) return 0;
  const records = open.reduce((sum, job) => sum + job.records.length, 0);
  printNotice(
    `${open.length} of ${jobs.length} jobs ${open.length === 1 ? 'is' : 'are'} incomplete (no file done); their ${records} records count, as DomainBed counts them`,
  );
  return 0;
}
