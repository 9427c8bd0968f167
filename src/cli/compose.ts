import { composeStudy, loadSettings, type Study } from '../config/index.js';
import { projectRoot } from '../core/files/paths.js';
import type { Arguments } from './arguments/arguments.js';

/** Composes what the command line asks for; `words` are its overrides. */
export function composeArguments(args: Arguments, words: readonly string[] = args.words): Study {
  return composeStudy({
    settings: loadSettings(projectRoot()),
    ...(args.config === undefined ? {} : { config: args.config }),
    configDirs: args.configDirs,
    overrides: words,
    multirun: args.multirun,
    // npm starts scripts in the project's folder; paths that the user types start where the user is.
    workingFolder: process.env.INIT_CWD ?? process.cwd(),
  });
}
