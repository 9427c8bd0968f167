import yargs from 'yargs';
import { HeldoutError } from '../core/errors.js';
import { flags } from './flags.js';
import { suggestNpmLine } from './npm-flags.js';

export interface Arguments {
  readonly config: string | undefined;
  readonly configDirs: readonly string[];
  readonly multirun: boolean;
  readonly cfg: 'job' | 'all' | undefined;
  readonly resolve: boolean;
  readonly package: string | undefined;
  readonly info: 'config' | 'defaults' | 'defaults-tree' | 'searchpath' | 'all' | undefined;
  readonly dryRun: boolean;
  readonly retryFailed: boolean;
  readonly progress: 'auto' | 'board' | 'plain' | 'jsonl' | 'none';
  readonly metricsOnly: boolean;
  readonly failed: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  readonly debug: boolean;
  readonly help: boolean;
  readonly version: boolean;
  /** Words without a dash, in order: a command and its operands, and overrides. */
  readonly words: readonly string[];
  /** The line as it was typed after the `--`. */
  readonly line: readonly string[];
}

function createParser(program: string) {
  return yargs()
    .scriptName(`npm run ${program} --`)
    .help(false)
    .version(false)
    .options(flags)
    .parserConfiguration({
      'dot-notation': false,
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'boolean-negation': false,
      'duplicate-arguments-array': false,
      'greedy-arrays': false,
    })
    .strictOptions()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
}

/** Reads the words after `npm run PROGRAM --`. Throws HeldoutError (exit 2) on anything it does not know. */
export function parseArguments(program: string, line: readonly string[]): Arguments {
  const swallowed = suggestNpmLine(program, line, process.env);
  if (swallowed !== undefined) throw swallowed;
  let parsed: ReturnType<ReturnType<typeof createParser>['parseSync']>;
  try {
    parsed = createParser(program).parseSync([...line]);
  } catch (error) {
    throw new HeldoutError({
      code: 'E_USAGE',
      message: error instanceof Error ? error.message : String(error),
      place: 'command line',
      hints: [`npm run ${program} -- --help`],
    });
  }
  const option = <T>(name: string): T => parsed[name] as T;
  return {
    config: option('config'),
    configDirs: option<string[] | undefined>('config-dir') ?? [],
    multirun: option<boolean | undefined>('multirun') ?? false,
    cfg: option('cfg'),
    resolve: option<boolean | undefined>('resolve') ?? false,
    package: option('package'),
    info: option('info'),
    dryRun: option<boolean | undefined>('dry-run') ?? false,
    retryFailed: option<boolean | undefined>('retry-failed') ?? false,
    progress: option('progress'),
    metricsOnly: option<boolean | undefined>('metrics-only') ?? false,
    failed: option<boolean | undefined>('failed') ?? false,
    yes: option<boolean | undefined>('yes') ?? false,
    json: option<boolean | undefined>('json') ?? false,
    debug: option<boolean | undefined>('debug') ?? false,
    help: option<boolean | undefined>('help') ?? false,
    version: option<boolean | undefined>('version') ?? false,
    words: parsed._.map(String),
    line,
  };
}
