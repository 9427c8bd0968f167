import { explain, formatExplanations } from '../../config/index.js';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import type { Arguments } from '../arguments.js';
import { composeArguments } from '../compose.js';
import { print } from '../print.js';

/** `explain KEY [overrides]`: the value, where it comes from and what it replaced. */
export function explainKey(args: Arguments): ExitCode {
  const keys = args.words.filter((word) => !/[=~]/.test(word));
  if (keys.length === 0) {
    throw new HeldoutError({
      code: 'E_USAGE',
      message: 'explain needs a key',
      place: 'command line',
      hints: ['npm run experiment -- explain training.optimizer.learning_rate --config ood.yaml'],
    });
  }
  const study = composeArguments(
    args,
    args.words.filter((word) => /[=~]/.test(word)),
  );
  print(keys.map((key) => formatExplanations(explain(study, key))).join('\n\n'));
  return 0;
}
