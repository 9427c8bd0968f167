import { type ExperimentConfig, resolve, type Study } from '../../config/index.js';
import { HeldoutError } from '../../core/errors.js';
import { writeElsewhere } from '../../core/files/file-errors.js';
import { fromRoot } from '../../core/files/paths.js';
import { isJsonObject } from '../../core/json.js';
import type { Arguments } from '../arguments/arguments.js';
import { quoteForShell } from '../arguments/shell.js';
import { splitWords } from '../arguments/words.js';
import { composeArguments } from '../compose.js';

/** The results folder that the command line or the settings name; used by commands that only look. */
export function resultsFolder(study: Study): string {
  const { value, errors } = resolve(study);
  const unresolved = errors.find(({ path }) => path.join('.') === 'paths.results');
  if (unresolved !== undefined) throw unresolved.error;
  const paths = isJsonObject(value) ? value.paths : undefined;
  const results = isJsonObject(paths) ? paths.results : undefined;
  return fromRoot(typeof results === 'string' ? results : 'results');
}

export function resultsOf(config: ExperimentConfig): string {
  return fromRoot(config.paths.results);
}

/**
 * Does what needs the results that are there. Where they cannot be written, another folder alone does not help:
 * they have to be copied.
 */
export async function inPlace<Result>(folder: string, act: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof HeldoutError) || !error.hints.includes(writeElsewhere)) throw error;
    const copy = `work on a copy: cp -r ${quoteForShell(folder)} FOLDER, then the same with paths.results=FOLDER`;
    const { code, message, place, exitCode, cause } = error;
    const hints = error.hints.map((hint) => (hint === writeElsewhere ? copy : hint));
    throw new HeldoutError({
      code,
      message,
      hints,
      exitCode,
      cause,
      ...(place === undefined ? {} : { place }),
    });
  }
}

/** Composes the config for a command whose operands are names, not overrides. */
export function composeForOperands(args: Arguments): {
  readonly study: Study;
  readonly operands: readonly string[];
} {
  const { overrides, operands } = splitWords(args.words);
  return { study: composeArguments(args, overrides), operands };
}

const listing = {
  STUDY: 'npm run experiment -- status lists the studies',
  RUN: 'npm run experiment -- status STUDY lists the runs',
} as const;

export function requireOperand(
  operands: readonly string[],
  command: string,
  what: keyof typeof listing,
): string {
  const [operand, ...more] = operands;
  if (operand !== undefined && more.length === 0) return operand;
  throw new HeldoutError({
    code: 'E_USAGE',
    message:
      operand === undefined
        ? `'npm run ${command}' needs ${what}`
        : `'npm run ${command}' takes one ${what}, not ${operands.length}`,
    place: 'command line',
    hints: [`npm run ${command} ${what}`, listing[what]],
  });
}
