import { nearestNames } from '../config/index.js';
import { type ExitCode, formatError, HeldoutError } from '../core/errors.js';
import { type Arguments, parseArguments } from './arguments/arguments.js';
import { isOverride } from './arguments/words.js';
import { commandNames, loadCommand } from './commands/index.js';

/**
 * Runs one command and returns the exit code: 0 ok, 1 a run failed, 2 bad usage or config, 130 interrupted.
 * `program` is the npm script (`experiment`, `tables`, `figures`, `setup`), `line` what was typed after its `--`.
 */
export async function main(program: string, line: readonly string[]): Promise<ExitCode> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  try {
    const typed = parseArguments(program, line);
    const { name, args } = chooseCommand(program, typed);
    const run = await loadCommand(name);
    return await run(args);
  } catch (error) {
    process.stderr.write(`${formatError(error, { stack: line.includes('--debug') })}\n`);
    return error instanceof HeldoutError ? error.exitCode : 1;
  }
}

/** `experiment` runs a study unless its first word names a command; the other scripts are one command each. */
function chooseCommand(
  program: string,
  args: Arguments,
): { readonly name: string; readonly args: Arguments } {
  if (args.version) return { name: 'version', args };
  if (args.help) return { name: 'help', args };
  if (program !== 'experiment') return { name: program, args };
  const [first, ...rest] = args.words;
  if (first === undefined && args.line.length === 0) return { name: 'usage', args };
  if (first === undefined || isOverride(first)) return { name: 'run', args };
  if (commandNames.includes(first)) return { name: first, args: { ...args, words: rest } };
  throw new HeldoutError({
    code: 'E_USAGE_COMMAND',
    message: `'${first}' is no command, and no override (key=value)`,
    place: 'command line',
    hints: [
      ...nearestNames(first, commandNames, 1).map((near) => `did you mean ${near}?`),
      `commands: ${commandNames.join(', ')}`,
      'npm run experiment -- --config NAME key=value ...  (mind the -- after experiment)',
      'npm run experiment -- --help',
    ].slice(0, 3),
  });
}

/** Whoever read the output (`| head`) has seen enough; what was begun goes on. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
