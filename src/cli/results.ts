import type { ExperimentConfig, Study } from '../config/index.js';
import { HeldoutError } from '../core/errors.js';
import { fromRoot } from '../core/paths.js';
import type { Arguments } from './arguments.js';
import { composeArguments } from './compose.js';

/** The results folder that the command line or the settings name; used by commands that only look. */
export function resultsFolder(study: Study): string {
  const paths = study.tree.entries.get('paths');
  const written =
    typeof paths === 'object' && paths.kind === 'map' ? paths.entries.get('results') : undefined;
  const value = written?.kind === 'scalar' ? written.value : undefined;
  return fromRoot(typeof value === 'string' ? value : 'results');
}

export function resultsOf(config: ExperimentConfig): string {
  return fromRoot(config.paths.results);
}

/** Overrides among the words of a command, and its operands. */
export function splitWords(args: Arguments): { readonly overrides: string[]; readonly operands: string[] } {
  return {
    overrides: args.words.filter((word) => /[=~]/.test(word)),
    operands: args.words.filter((word) => !/[=~]/.test(word)),
  };
}

/** Composes the config for a command whose operands are names, not overrides. */
export function composeForOperands(args: Arguments): { readonly study: Study; readonly operands: string[] } {
  const { overrides, operands } = splitWords(args);
  return { study: composeArguments(args, overrides), operands };
}

export function requireOperand(operands: readonly string[], command: string, what: string): string {
  const [operand, ...more] = operands;
  if (operand !== undefined && more.length === 0) return operand;
  throw new HeldoutError({
    code: 'E_USAGE',
    message:
      operand === undefined
        ? `'npm run ${command}' needs ${what}`
        : `'npm run ${command}' takes one ${what}, not ${operands.length}`,
    place: 'command line',
    hints: [`npm run ${command} ${what}`],
  });
}
