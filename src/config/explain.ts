import { HeldoutError } from '../core/errors.js';
import { resolve } from './composition.js';
import { hintKeys } from './overrides/apply.js';
import { listOrigins, type Origin } from './provenance.js';
import { describeKey } from './schema/validate.js';
import { type Study, valueText } from './study.js';
import type { Axis } from './sweep.js';
import { formatPath, nodeAt, type Path, type Plain, parsePath, visitLeaves } from './tree.js';

export interface Explanation {
  readonly key: string;
  /** The value as written, its place, and what it replaced, latest first. */
  readonly origins: readonly Origin[];
  /** The value after interpolation. */
  readonly resolved: Plain | undefined;
  readonly help: string | undefined;
  /** What the study's sweep puts in its place, if it varies this key or a section around it. */
  readonly swept: { readonly axis: string; readonly values: readonly string[] } | undefined;
}

/** Says of a key, or of every key of a section, what it is and where that comes from. */
export function explain(composition: Study, key: string): readonly Explanation[] {
  const path = parsePath(key);
  const node = nodeAt(composition.tree, path);
  if (node === undefined) {
    throw new HeldoutError({
      code: 'E_CONFIG_UNKNOWN_KEY',
      message: `there is no key '${key}'`,
      place: 'command line',
      hints: hintKeys(composition.tree, path),
    });
  }
  const { value } = resolve(composition);
  const explanations: Explanation[] = [];
  visitLeaves(
    node,
    (at, leaf) => {
      const name = formatPath(at);
      explanations.push({
        key: name,
        origins: listOrigins(leaf),
        resolved: plainAt(value, at),
        help: describeKey(name, value),
        swept: findAxis(composition.axes, name),
      });
    },
    path,
  );
  return explanations;
}

function findAxis(axes: readonly Axis[], key: string): Explanation['swept'] {
  const axis = axes.find((one) => `${key}.`.startsWith(`${one.key.replaceAll('/', '.')}.`));
  return axis && { axis: axis.key, values: axis.values.map(valueText) };
}

function plainAt(root: Plain, path: Path): Plain | undefined {
  let value: Plain | undefined = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as { readonly [key: string]: Plain })[String(key)];
  }
  return value;
}

/** The explanation as the terminal shows it. */
export function formatExplanations(explanations: readonly Explanation[]): string {
  return explanations.map(formatExplanation).join('\n\n');
}

function formatExplanation({ key, origins, resolved, help, swept }: Explanation): string {
  const [origin, ...replaced] = origins as [Origin, ...Origin[]];
  const written = JSON.stringify(origin.value);
  const value = resolved === undefined ? written : JSON.stringify(resolved);
  const lines = [`${key} = ${value}`];
  if (help !== undefined) lines.push(`  ${help}`);
  if (swept !== undefined)
    lines.push(`  the study sweeps ${swept.axis}=${swept.values.join(',')}; without the sweep:`);
  lines.push(`  from ${origin.place}${value === written ? '' : `: ${written}`}`);
  for (const earlier of replaced)
    lines.push(`  replaces ${JSON.stringify(earlier.value)} from ${earlier.place}`);
  return lines.join('\n');
}
