import { type ExitCode, HeldoutError } from '../../core/errors.js';
import { formatBytes } from '../../core/numbers/bytes.js';
import { findAddonPackage } from '../../engine/backends/addon.js';
import { watchSignals } from '../../launchers/signals.js';
import type { Wish } from '../../setup/choose.js';
import { removeSetup } from '../../setup/remove.js';
import { setUp } from '../../setup/set-up.js';
import { shortenHome } from '../../setup/words.js';
import type { Arguments } from '../arguments/arguments.js';
import { print, printNotice } from '../output/print.js';

/** `npm run setup [-- --cpu|--cuda|--from DIR|--remove]`: gets TensorFlow and builds the addon of the tensorflow tier. */
export async function setUpTensorFlow(args: Arguments): Promise<ExitCode> {
  const asked = readWish(args);
  const addon = findAddonPackage();
  if (asked === 'remove') return remove(addon?.folder);
  if (addon === undefined) {
    throw new HeldoutError({
      code: 'E_SETUP_PACKAGE',
      message: 'the packages are not installed: @tensorflow/tfjs-node-gpu is missing',
      hints: ['npm ci'],
      exitCode: 1,
    });
  }
  const signals = watchSignals();
  try {
    await setUp({ wish: asked, addon, report: print, signal: signals.stop });
    return 0;
  } catch (error) {
    if (!signals.stop.aborted) throw error;
    printNotice('interrupted: nothing half-made is left; npm run setup begins anew');
    return 130;
  } finally {
    signals.dispose();
  }
}

function readWish(args: Arguments): Wish | 'remove' {
  const asked: (Wish | 'remove')[] = [
    ...(args.cpu ? [{ kind: 'cpu' } as const] : []),
    ...(args.cuda ? [{ kind: 'cuda' } as const] : []),
    ...(args.from === undefined ? [] : [{ kind: 'from', folder: args.from } as const]),
    ...(args.remove ? ['remove' as const] : []),
  ];
  if (asked.length > 1) throw refuse('only one of --cpu, --cuda, --from and --remove can be asked for');
  if (args.words.length > 0) throw refuse(`setup takes no '${args.words[0]}'`);
  return asked[0] ?? { kind: 'auto' };
}

function refuse(message: string): HeldoutError {
  return new HeldoutError({
    code: 'E_USAGE',
    message,
    place: 'command line',
    hints: ['npm run setup', 'npm run setup -- --cpu | --cuda | --from DIR | --remove'],
  });
}

function remove(packageFolder: string | undefined): ExitCode {
  const { paths, bytes, left } = removeSetup(packageFolder);
  if (paths.length === 0) print('Nothing was set up: there is nothing to remove.');
  else print(`Removed ${formatBytes(bytes)}:`);
  for (const path of paths) print(`  ${shortenHome(path)}`);
  if (left !== undefined) print(`  left, since setup did not put it there: ${left}`);
  if (paths.length > 0) print('The wasm tier serves from now on. npm run setup  sets it up again.');
  return 0;
}
