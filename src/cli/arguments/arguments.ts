import yargs from 'yargs';
import { nearestNames } from '../../config/index.js';
import { HeldoutError, HeldoutErrors } from '../../core/errors.js';
import { flagNames, flags, layoutFlags, setupFlags, shortFlags } from './flags.js';
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
  readonly layout: 'domainbed' | 'wilds' | undefined;
  readonly latex: boolean;
  readonly autoLr: boolean;
  readonly cpu: boolean;
  readonly cuda: boolean;
  readonly from: string | undefined;
  readonly remove: boolean;
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
    .options(yargsFlags)
    .locale('en')
    .parserConfiguration({
      'dot-notation': false,
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'boolean-negation': false,
      'duplicate-arguments-array': false,
      'greedy-arrays': false,
    })
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
}

/** Choices are checked here, so that a wrong one is answered with the nearest. */
const yargsFlags = Object.fromEntries(
  Object.entries(flags).map(([name, flag]) => [name, { ...flag, choices: undefined }]),
);

type Parsed = ReturnType<ReturnType<typeof createParser>['parseSync']>;

/** Reads the words after `npm run PROGRAM --`. Throws HeldoutError (exit 2) on anything it does not know. */
export function parseArguments(program: string, line: readonly string[]): Arguments {
  const swallowed = suggestNpmLine(program, line, process.env);
  if (swallowed !== undefined) throw swallowed;
  const refuse = (message: string, hints: readonly string[] = []) =>
    new HeldoutError({
      code: 'E_USAGE',
      message,
      place: 'command line',
      hints: [...hints, `npm run ${program} -- --help`],
    });
  let parsed: Parsed;
  try {
    parsed = createParser(program).parseSync([...line]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw refuse(message.replace(/^Not enough arguments following: (.*)$/, '--$1 needs a value'));
  }
  const errors = [...findUnknown(parsed), ...findWrongChoices(parsed), ...findLonely(program, parsed)];
  if (errors.length > 0) throw new HeldoutErrors(errors.map(([message, hints]) => refuse(message, hints)));
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
    layout: option('layout'),
    latex: option<boolean | undefined>('latex') ?? false,
    autoLr: option<boolean | undefined>('auto-lr') ?? false,
    cpu: option<boolean | undefined>('cpu') ?? false,
    cuda: option<boolean | undefined>('cuda') ?? false,
    from: option('from'),
    remove: option<boolean | undefined>('remove') ?? false,
    debug: option<boolean | undefined>('debug') ?? false,
    help: option<boolean | undefined>('help') ?? false,
    version: option<boolean | undefined>('version') ?? false,
    words: parsed._.map(String),
    line,
  };
}

type Refusal = readonly [message: string, hints: readonly string[]];

function findUnknown(parsed: Parsed): Refusal[] {
  return Object.keys(parsed)
    .filter((name) => !['_', '$0', ...flagNames, ...shortFlags].includes(name))
    .map((name) => [
      `there is no option ${name.length === 1 ? '-' : '--'}${name}`,
      nearestNames(name, flagNames, 2).map((near) => `did you mean --${near}?`),
    ]);
}

/** Options that say something only beside another word: alone they would start what was not meant. */
function findLonely(program: string, parsed: Parsed): Refusal[] {
  const given = (name: string) => parsed[name] !== undefined;
  const isSetup = program === 'setup' || (program === 'experiment' && parsed._[0] === 'setup');
  const isTables = program === 'tables' || (program === 'experiment' && parsed._[0] === 'tables');
  const isExport = program === 'results' && parsed._[0] === 'export';
  return [
    ...layoutFlags
      .filter((name) => given(name) && !given('layout'))
      .map((name): Refusal => [`--${name} goes with --layout`, ['add --layout domainbed']]),
    ...(isTables && parsed.layout === 'wilds'
      ? [
          [
            '--layout wilds goes with results export',
            ['npm run results -- export STUDY to=FOLDER --layout wilds'],
          ] satisfies Refusal,
        ]
      : []),
    ...(given('layout') && !isTables && !isExport
      ? [
          [
            '--layout goes with tables and results export',
            [
              'npm run tables -- FOLDER --layout domainbed',
              'npm run results -- export STUDY to=FOLDER --layout domainbed',
            ],
          ] satisfies Refusal,
        ]
      : []),
    ...['package', 'resolve']
      .filter((name) => given(name) && !given('cfg'))
      .map((name): Refusal => [`--${name} goes with --cfg`, ['add --cfg job']]),
    ...setupFlags
      .filter((name) => given(name) && !isSetup)
      .map(
        (name): Refusal => [
          `--${name} goes with setup`,
          [`npm run setup -- --${name}${name === 'from' ? ' DIR' : ''}`],
        ],
      ),
  ];
}

function findWrongChoices(parsed: Parsed): Refusal[] {
  return Object.entries(flags).flatMap(([name, flag]): Refusal[] => {
    const value = parsed[name];
    if (!('choices' in flag) || value === undefined) return [];
    const choices: readonly string[] = flag.choices;
    if (typeof value === 'string' && choices.includes(value)) return [];
    return [
      [
        `--${name} takes one of ${choices.join(', ')}, not '${value}'`,
        nearestNames(String(value), choices, 1).map((near) => `did you mean --${name} ${near}?`),
      ],
    ];
  });
}
