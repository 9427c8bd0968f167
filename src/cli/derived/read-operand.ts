import type { Arguments } from '../arguments/arguments.js';
import { composeForOperands, requireOperand, resultsFolder } from '../output/results.js';
import { refuseOverrides } from './refuse-overrides.js';

/**
 * The one word of a command line that names what runs are made of, and the results that it is looked for among. Throws
 * HeldoutError (exit 2) where another word is there, or none.
 *
 * @param words Without the command's own options.
 * @param options What these are, as a hint: `options of merge: within, criterion, certify`.
 */
export function readOperand(
  args: Arguments,
  words: readonly string[],
  { command, operand, options }: { command: string; operand: 'RUN' | 'STUDY'; options: string },
): { readonly name: string; readonly results: string } {
  const { study, operands } = composeForOperands({ ...args, words });
  refuseOverrides(study, options);
  const name = requireOperand(operands, `experiment -- ${command}`, operand);
  return { name, results: resultsFolder(study) };
}
