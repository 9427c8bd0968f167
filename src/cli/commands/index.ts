import type { ExitCode } from '../../core/errors.js';
import type { Arguments } from '../arguments/arguments.js';

export type Command = (args: Arguments) => ExitCode | Promise<ExitCode>;

/** Each command is loaded when it is called, so that none pays for another's packages. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./studies/run.js')).runStudy,
  explain: async () => (await import('./explain.js')).explainKey,
  schema: async () => (await import('./schema.js')).writeSchema,
  doctor: async () => (await import('./doctor.js')).examine,
  status: async () => (await import('./studies/status.js')).showStatus,
  clean: async () => (await import('./studies/clean.js')).cleanResults,
  evaluate: async () => (await import('./runs/evaluate.js')).evaluateAgain,
  prune: async () => (await import('./runs/prune.js')).pruneCircuits,
  merge: async () => (await import('./runs/merge.js')).mergeHeads,
  dfr: async () => (await import('./runs/dfr.js')).retrainReadOut,
  average: async () => (await import('./runs/average.js')).averageRuns,
  circuit: async () => (await import('./runs/circuit.js')).showCircuits,
  functions: async () => (await import('./runs/functions.js')).editFunctions,
  profile: async () => (await import('./runs/profile.js')).profileStep,
  check: async () => (await import('./studies/check.js')).checkExperiment,
  choose: async () => (await import('./studies/choose.js')).chooseValues,
  data: async () => (await import('./data.js')).manageData,
  tables: async () => (await import('./studies/tables.js')).rebuildTables,
  figures: async () => (await import('./studies/figures.js')).rebuildFigures,
  results: async () => (await import('./results.js')).manageResults,
  setup: async () => (await import('./setup.js')).setUpTensorFlow,
  help: async () => (await import('./help.js')).showHelp,
  usage: async () => (await import('./help.js')).showUsage,
  version: async () => (await import('./help.js')).showVersion,
};

/** Words that name a command of `npm run experiment`. */
export const commandNames: readonly string[] = Object.keys(commands).filter((name) => name !== 'usage');

export function loadCommand(name: string): Promise<Command> {
  const load = commands[name];
  if (load === undefined) throw new RangeError(`there is no command ${name}`);
  return load();
}
