import { relative, resolve } from 'node:path';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import type { Plan } from '../../../sweeps/plan.js';
import type { Arguments } from '../../arguments/arguments.js';
import { composeArguments } from '../../compose.js';
import { findPlan } from '../../find-plan.js';
import { resultsFolder } from '../../output/results.js';

const usages = [
  'npm run results -- export STUDY to=FOLDER --layout domainbed',
  'npm run results -- export STUDY to=FOLDER --layout wilds by=site,label',
];

/** What is to be written, and where. */
export interface ExportRequest {
  readonly plan: Plan;
  readonly results: string;
  readonly folder: string;
  /** The folder as it was typed, and as seen from where the user is. */
  readonly named: string;
  readonly shown: string;
  /** Variables of `by=`. */
  readonly by: readonly string[] | undefined;
}

/** `results -- export STUDY to=FOLDER --layout domainbed|wilds`: the runs of a study as other programs have them. */
export async function exportStudy(args: Arguments, words: readonly string[]): Promise<ExitCode> {
  const [to, by] = ['to=', 'by='].map((key) => words.find((word) => word.startsWith(key)));
  const [name, ...more] = words.filter((word) => !word.includes('='));
  const others = words.filter((word) => word.includes('=') && word !== to && word !== by);
  if (args.layout === undefined) throw refuse('a --layout is missing');
  if (name === undefined) throw refuse('a STUDY is missing');
  if (to === undefined) throw refuse('to=FOLDER is missing');
  if (more.length > 0) throw refuse(`'${more[0]}' is one word too many`);
  if (by !== undefined && args.layout !== 'wilds') throw refuse('by= goes with --layout wilds');
  const named = to.slice('to='.length);
  const from = process.env.INIT_CWD ?? process.cwd();
  const folder = resolve(from, named);
  const results = resultsFolder(composeArguments(args, others));
  const request: ExportRequest = {
    plan: findPlan(results, name),
    ...{ results, folder, named },
    shown: relative(from, folder) || folder,
    by: by?.slice('by='.length).split(','),
  };
  if (args.layout === 'wilds') return (await import('./export-wilds.js')).exportWilds(request);
  return (await import('./export-domainbed.js')).exportDomainBed(request);
}

function refuse(message: string): HeldoutError {
  return new HeldoutError({ code: 'E_USAGE', message, place: 'command line', hints: usages });
}
