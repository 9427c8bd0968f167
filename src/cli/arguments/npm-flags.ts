import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import { projectRoot } from '../../core/files/paths.js';
import { flagNames, flags, valueFlags } from './flags.js';
import { quoteForShell } from './shell.js';
import { isOverride } from './words.js';

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
  const taken = flagNames.filter((name) => isTaken(name, line, environment));
  const loneConfig = line.findIndex((word, index) => isConfigFile(word) && !isValue(line, index));
  if (taken.length === 0 && loneConfig === -1) return undefined;

  const words = [...line];
  const restored: string[] = [];
  for (const name of taken) {
    const value = settingOf(name, environment) ?? 'true';
    restored.push(`--${name}`);
    if (!valueFlags.includes(name)) continue;
    if (value !== 'true') restored.push(value);
    else {
      const wanted = words.findIndex((word) => couldBeValue(name, word));
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

/** Settings that npm knows too, so that they may be set by a user who typed none of them here. */
const npmOwn = new Set(['version', 'yes', 'json', 'progress']);

function isTaken(name: string, line: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  if (npmOwn.has(name) || line.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)))
    return false;
  const value = settingOf(name, environment);
  // npm's own `cpu` names a processor; the bare flag leaves `true`.
  if (name === 'cpu' && value !== 'true') return false;
  if (value !== undefined) return value !== '' && value !== 'false';
  // npm reads `--cfg` as its one-letter settings c, f and g; `job` stays behind.
  const { npm_config_force: force, npm_config_global: global } = environment;
  return name === 'cfg' && force === 'true' && global === 'true' && line.some((word) => isChoice(name, word));
}

function settingOf(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  return environment[`npm_config_${name.replaceAll('-', '_')}`];
}

/** Whether a word that was left behind may be what a flag was given. */
function couldBeValue(name: string, word: string): boolean {
  if (isOverride(word)) return false;
  if (name === 'config') return isConfigFile(word) || isConfigName(word);
  return isChoice(name, word) ?? true;
}

/** Whether a flag may have a value, or undefined for one that takes anything. */
function isChoice(name: string, word: string): boolean | undefined {
  const flag = Object.entries(flags).find(([known]) => known === name)?.[1];
  if (flag === undefined || !('choices' in flag)) return undefined;
  return (flag.choices as readonly string[]).includes(word);
}

const isConfigFile = (word: string) => /\.ya?ml$/.test(word) && !isOverride(word);
const isConfigName = (word: string) => existsSync(join(projectRoot(), 'configs', `${word}.yaml`));

/** True for a word that a flag before it takes as its value, or would take if there were such a flag. */
function isValue(line: readonly string[], index: number): boolean {
  const before = line[index - 1];
  if (before?.startsWith('--') !== true || before.includes('=')) return false;
  const name = before.slice(2);
  return valueFlags.includes(name) || !flagNames.includes(name);
}
