import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listGroups } from '../../config/index.js';
import { type ExitCode, formatError } from '../../core/errors.js';
import { projectRoot } from '../../core/files/paths.js';
import type { Arguments } from '../arguments/arguments.js';
import { describeFlags } from '../arguments/flags.js';
import { splitWords } from '../arguments/words.js';
import { composeArguments } from '../compose.js';
import { print, printNotice } from '../output/print.js';

const synopsis = `Heldout: train, then evaluate on variable combinations that training never saw.

  npm run experiment -- --config ood.yaml                       run a study, or continue it
  npm run experiment -- --config ood.yaml model=mlp seed=3      change it: key=value replaces, +key=value adds, ~key deletes
  npm run experiment -- --config ood.yaml --dry-run             see the plan

Commands (npm run experiment -- COMMAND):
  explain KEY            a value, where it comes from, what it replaced
  status [STUDY]         what is done, running, failed
  evaluate RUN           rebuild predictions from the checkpoint; --metrics-only: metrics from the predictions
  evaluate RUN dataset=usps   a finished run on other data, by another split, other measures, corruptions or attacks
  prune RUN keep=0.2     take modules from a trained circuit: a run of what is left, its accuracy and speed; prune STUDY: curves
  merge RUN within=0.05  a two-headed network as one with one head, which keeps to that gap between groups; also merge STUDY
  average STUDY method=diwa  runs of a study as one, by their mean weights (diwa, greedy) or their mean outputs (eoa)
  dfr RUN set=SET        a run with its read-out fitted anew to group-balanced examples of a set; group=VARIABLE c=1 draws=10
  circuit RUN            links and attention of a trained circuit, for figures, and a page on it; also circuit STUDY
  functions RUN|STUDY    a neural interpreter without each of its functions; remove=0,2 add=N train=none|added|all
  profile                where the time of a training step goes, per op and layer; takes --config and overrides
  check STUDY            compare with the experiment's expected.json
  choose STUDY           the best value of study.selection's key for each model, by validation
  clean [STUDY]          what can be removed; --yes removes it
  doctor                 backends and data of this machine
  schema                 write JSON Schema for editors
Also: npm run tables -- STUDY [TABLE ...], npm run figures -- STUDY [FIGURE ...], npm run bench
      npm run tables -- FOLDER --layout domainbed [--latex]  the tables of a folder of DomainBed's results.jsonl
      npm run results -- import FILE ...   analyses predictions of others, CSV or Parquet, as transfer between datasets
      npm run data           what the data folder has; npm run data -- get [NAME]: what can be had, and gets it
      npm run setup          the fast tier: gets TensorFlow and builds its addon; --cpu, --cuda, --from DIR, --remove

Options:
${describeFlags()}`;

export function showHelp(args: Arguments): ExitCode {
  print(`${synopsis}\n\n${describeGroups(args)}`);
  return 0;
}

/** Nothing was asked for: help, and no training. npm leaves no trace of a lone `-m` without its `--`. */
export function showUsage(args: Arguments): ExitCode {
  showHelp(args);
  printNotice(
    '\nNothing was started: name a config, and mind the -- before it:\n  npm run experiment -- --config ood.yaml',
  );
  return 2;
}

export function showVersion(): ExitCode {
  print(String(JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')).version));
  return 0;
}

/** The groups with their options, the chosen one in brackets; a config that does not compose hides only this. */
function describeGroups(args: Arguments): string {
  try {
    const study = composeArguments(args, splitWords(args.words).overrides);
    const groups = listGroups(study);
    const width = Math.max(...groups.map(({ group }) => group.length));
    const lines = groups.map(({ group, options, chosen }) => {
      const names = options.map((option) => (isChosen(option, chosen) ? `[${option}]` : option));
      return `  ${group.padEnd(width)}  ${names.join('  ')}`;
    });
    const config = args.config ?? 'config.yaml';
    return `Groups (GROUP=OPTION; in brackets what ${config} chooses):\n${lines.join('\n')}\n\nAll keys: npm run experiment -- --config ${config} --cfg job`;
  } catch (error) {
    return `The groups cannot be shown:\n${formatError(error)}`;
  }
}

function isChosen(option: string, chosen: unknown): boolean {
  return Array.isArray(chosen) ? chosen.includes(option) : option === chosen;
}
