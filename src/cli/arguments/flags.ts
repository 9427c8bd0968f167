/** Everything the command line can say; one table serves parsing and help. */
export const flags = {
  config: { type: 'string', requiresArg: true, describe: 'primary config: a name in configs/ or any path' },
  'config-dir': {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'adds a folder to the config search path',
  },
  multirun: { type: 'boolean', alias: 'm', describe: 'sweep over comma-separated values' },
  cfg: {
    type: 'string',
    choices: ['job', 'all'],
    requiresArg: true,
    describe: 'print the composed config and stop',
  },
  resolve: { type: 'boolean', describe: 'with --cfg: resolve interpolations first' },
  package: {
    type: 'string',
    alias: 'p',
    requiresArg: true,
    describe: 'with --cfg: only this part, e.g. training.optimizer',
  },
  info: {
    type: 'string',
    choices: ['config', 'defaults', 'defaults-tree', 'searchpath', 'all'],
    requiresArg: true,
    describe: 'show how the config is composed and stop',
  },
  'dry-run': { type: 'boolean', describe: 'print the plan and stop' },
  'retry-failed': { type: 'boolean', describe: 'run again what failed before' },
  progress: {
    type: 'string',
    choices: ['auto', 'board', 'plain', 'jsonl', 'none'],
    default: 'auto',
    requiresArg: true,
    describe: 'how progress is shown',
  },
  'metrics-only': { type: 'boolean', describe: 'evaluate: recompute metrics from saved predictions' },
  failed: { type: 'boolean', describe: 'clean: also failed and interrupted runs' },
  yes: { type: 'boolean', describe: 'clean: really remove' },
  json: {
    type: 'boolean',
    describe: 'doctor, status, check, profile, tables --layout: machine-readable output',
  },
  layout: {
    type: 'string',
    choices: ['domainbed', 'wilds'],
    requiresArg: true,
    describe: "tables: of a folder of somebody else's results; results export: as these have them",
  },
  latex: { type: 'boolean', describe: 'tables --layout: as LaTeX' },
  'auto-lr': { type: 'boolean', describe: "tables --layout: of ERM++'s second pass" },
  cpu: { type: 'boolean', describe: 'setup: the TensorFlow for the CPU' },
  cuda: { type: 'boolean', describe: 'setup: the TensorFlow for NVIDIA GPUs' },
  from: {
    type: 'string',
    requiresArg: true,
    describe: 'setup: a TensorFlow that is installed, by its folder',
  },
  remove: { type: 'boolean', describe: 'setup: remove what it made' },
  debug: { type: 'boolean', describe: 'show the stack of an internal error' },
  help: { type: 'boolean', alias: 'h', describe: 'show this help' },
  version: { type: 'boolean', describe: 'print the version' },
} as const;

export const flagNames: readonly string[] = Object.keys(flags);
/** Flags of `npm run setup` alone. */
export const setupFlags: readonly (keyof typeof flags)[] = ['cpu', 'cuda', 'from', 'remove'];
/** Flags that say how another layout is shown. */
export const layoutFlags: readonly (keyof typeof flags)[] = ['latex', 'auto-lr'];
/** One-letter names of flags. */
export const shortFlags: readonly string[] = Object.values(flags).flatMap((flag) =>
  'alias' in flag ? [flag.alias] : [],
);

/** Flags that take a value: needed to put back together a line whose `--` was forgotten. */
export const valueFlags: readonly string[] = Object.entries(flags)
  .filter(([, flag]) => flag.type === 'string')
  .map(([name]) => name);

/** The options part of the help text. */
export function describeFlags(): string {
  const width = Math.max(...Object.entries(flags).map(([name, flag]) => label(name, flag).length));
  return Object.entries(flags)
    .map(([name, flag]) => `  ${label(name, flag).padEnd(width)}  ${flag.describe}`)
    .join('\n');
}

function label(name: string, flag: (typeof flags)[keyof typeof flags]): string {
  const short = 'alias' in flag ? `-${flag.alias}, ` : '    ';
  const value = 'choices' in flag ? ` ${flag.choices.join('|')}` : flag.type === 'string' ? ' VALUE' : '';
  return `${short}--${name}${value}`;
}
