import { explain, formatExplanations } from '../../config/index.js';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import type { Arguments } from '../arguments/arguments.js';
import { splitWords } from '../arguments/words.js';
import { composeArguments } from '../compose.js';
import { print } from '../output/print.js';

/** `explain KEY [overrides]`: the value, where it comes from and what it replaced. */
export function explainKey(args: Arguments): ExitCode {
  const { overrides, operands: keys } = splitWords(args.words);
  if (keys.length === 0) {
    throw new HeldoutError({
      code: 'E_USAGE',
      message: 'explain needs a key',
      place: 'command line',
      hints: ['npm run experiment -- explain training.optimizer.learning_rate --config ood.yaml'],
    });
  }
  const study = composeArguments(args, overrides);
  print(keys.map((key) => formatExplanations(explain(study, key))).join('\n\n'));
  return 0;
}
