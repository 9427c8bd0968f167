import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatError, HeldoutErrors } from '../core/errors.js';
import { composeFiles } from './compose/compose.js';
import { openRepository } from './compose/search-path.js';
import { resolveTree } from './interpolate/resolve.js';
import { applyOverrides } from './overrides/apply.js';
import { parseArguments } from './sweep.js';
import { type Plain, toPlain } from './tree.js';

/** A tree of files, what is typed, and what comes of it. */
interface Case {
  readonly name: string;
  /** Text by config path in `configs`, or by path from the case's folder after `@`. */
  readonly files: Readonly<Record<string, string>>;
  /** Link to target, both from the case's folder. */
  readonly links?: Readonly<Record<string, string>>;
  readonly overrides?: readonly string[];
  readonly composes?: Plain;
  readonly resolves?: Plain;
  readonly error?: readonly string[];
}

const cases = join(dirname(fileURLToPath(import.meta.url)), 'cases');
const work = mkdtempSync(join(tmpdir(), 'heldout-cases-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function build(folder: string, { files, links }: Case): void {
  mkdirSync(join(folder, 'experiments'), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    const short = path.startsWith('@') ? path.slice(1) : `configs/${path}`;
    const file = join(folder, /\.\w+$/.test(short) ? short : `${short}.yaml`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const [link, target] of Object.entries(links ?? {}))
    symlinkSync(join(folder, target), join(folder, link));
}

function run(folder: string, one: Case): Plain {
  const roots = [
    { provider: 'configs', folder: join(folder, 'configs') },
    {
      provider: 'experiments',
      folder: join(folder, 'experiments'),
      mount: { group: 'experiment', file: 'experiment.yaml' },
    },
  ];
  const repository = openRepository(roots, folder);
  const { tree, values, defaults } = composeFiles(repository, 'config', parseArguments(one.overrides ?? []));
  const applied = applyOverrides(tree, values);
  if (one.composes !== undefined) return toPlain(applied);
  const choices = Object.fromEntries(defaults.choices);
  const { value, errors } = resolveTree(applied, { env: { PORT: '8080' }, choices });
  if (errors.length > 0) throw new HeldoutErrors(errors.map(({ error }) => error));
  return value;
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return formatError(error);
  }
  return 'no error';
}

for (const file of readdirSync(cases)) {
  const list = parse(readFileSync(join(cases, file), 'utf8')) as readonly Case[];
  describe(file, () => {
    it.each(list.map((one, index) => [one.name, one, index] as const))('%s', (_, one, index) => {
      const folder = join(work, `${file}-${index}`);
      build(folder, one);
      if (one.error === undefined) {
        expect(run(folder, one)).toEqual(one.composes ?? one.resolves);
        return;
      }
      const message = messageOf(() => run(folder, one));
      expect(message).not.toContain('internal error');
      for (const words of one.error) expect(message).toContain(words);
    });
  });
}
