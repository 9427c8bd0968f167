import { basename, extname } from 'node:path';
import type { ImportChoice } from '../../imports/store.js';
import { takeOptions } from '../derived/command-options.js';

const keys = ['name', 'id', 'bins', 'factors', 'by'] as const;

export interface ImportOptions {
  /** What the import is called. */
  readonly name: string;
  readonly choice: ImportChoice;
  readonly files: readonly string[];
  /** Overrides of the config. */
  readonly overrides: readonly string[];
}

/** Takes the options of `results -- import` from its words. Throws all errors at once (exit 2). */
export function readImportOptions(words: readonly string[]): ImportOptions {
  const { typed, rest, refuse, throwRefused } = takeOptions('import', keys, words);
  const files = rest.filter((word) => !word.startsWith('paths.'));
  if (files.length === 0) {
    refuse(
      'command line',
      "'npm run results -- import' needs a file of predictions",
      'npm run results -- import predictions.csv',
    );
  }
  const whole = (key: 'bins' | 'factors', most: number): number | undefined => {
    const text = typed.get(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
    refuse(`${key}=${text}`, `${key} takes a whole number from 1 to ${most}`, `type ${key}=10`);
    return undefined;
  };
  const bins = whole('bins', 1000);
  const factors = whole('factors', 50);
  const first = files[0] ?? '';
  const name = typed.get('name') ?? nameOf(basename(first, extname(first)));
  if (files.length > 0 && !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    refuse(
      `name=${name}`,
      'a name has letters, digits, dots, dashes and underscores, and begins with a letter or digit',
      `type name=${nameOf(name) || 'predictions'}`,
    );
  }
  const id = typed
    .get('id')
    ?.replace(/^\[(.*)\]$/, '$1')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  throwRefused();
  const by = typed.get('by');
  const choice = {
    ...(id !== undefined && { id }),
    ...(bins !== undefined && { bins }),
    ...(factors !== undefined && { factors }),
    ...(by !== undefined && { by }),
  };
  return { name, choice, files, overrides: rest.filter((word) => word.startsWith('paths.')) };
}

function nameOf(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[-._]+|[-.]+$/g, '');
}
