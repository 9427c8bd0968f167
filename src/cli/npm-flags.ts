import { HeldoutError } from '../core/errors.js';
import { flagNames, valueFlags } from './flags.js';
import { quoteForShell } from './shell.js';

/**
 * `npm run experiment --config ood.yaml` (the `--` forgotten) reaches the script without its flags: npm
 * takes them for its own settings. It leaves them in `npm_config_*`; the value of a flag that npm does not
 * know stays behind as a word. Returns the error that shows the line to type, or undefined if all is well.
 */
export function suggestNpmLine(
  program: string,
  line: readonly string[],
  environment: NodeJS.ProcessEnv,
): HeldoutError | undefined {
  if (environment.npm_lifecycle_event !== program) return undefined;
  const taken = flagNames.filter((name) => {
    const value = environment[`npm_config_${name.replaceAll('-', '_')}`];
    return (
      value !== undefined && value !== '' && value !== 'false' && !typed(line, name) && !npmOwn.has(name)
    );
  });
  const loneConfig = line.findIndex((word, index) => isConfigFile(word) && !isValue(line, index));
  if (taken.length === 0 && loneConfig === -1) return undefined;

  const words = [...line];
  const restored: string[] = [];
  for (const name of taken) {
    const value = environment[`npm_config_${name.replaceAll('-', '_')}`] ?? 'true';
    restored.push(`--${name}`);
    if (!valueFlags.includes(name)) continue;
    if (value !== 'true') restored.push(value);
    else {
      const wanted =
        name === 'config' ? words.findIndex(isConfigFile) : words.findIndex((word) => !/[=~]/.test(word));
      restored.push(...(wanted === -1 ? ['VALUE'] : words.splice(wanted, 1)));
    }
  }
  if (taken.length === 0) restored.push('--config', ...words.splice(loneConfig, 1));
  const corrected = ['npm', 'run', program, '--', ...restored, ...words].map(quoteForShell).join(' ');
  return new HeldoutError({
    code: 'E_USAGE_NPM_FLAGS',
    message:
      taken.length > 0
        ? `npm took ${taken.map((name) => `--${name}`).join(', ')} for itself: a \`--\` is missing`
        : `a config file stands without --config, or a \`--\` is missing`,
    place: 'command line',
    hints: [corrected],
  });
}

/** Settings that npm sets on its own, whatever the user typed. */
const npmOwn = new Set(['version', 'yes', 'json']);

const typed = (line: readonly string[], name: string) =>
  line.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));

const isConfigFile = (word: string) => /\.ya?ml$/.test(word) && !/[=~]/.test(word);

/** True for a word that a flag before it takes as its value. */
function isValue(line: readonly string[], index: number): boolean {
  const before = line[index - 1];
  return before?.startsWith('--') === true && !before.includes('=') && valueFlags.includes(before.slice(2));
}
