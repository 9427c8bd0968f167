import * as z from 'zod';
import { parseYaml } from '../config/compose/yaml.js';
import { listNames, suggest } from '../config/suggestions.js';
import { formatPlace, type MapNode, nearestNode, toPlain } from '../config/tree.js';
import { HeldoutError, HeldoutErrors } from '../core/errors.js';
import { readTextIfThere } from '../core/files/files.js';
import { type FigureName, figureNames, usualFigures } from './figures/figure-catalogue.js';
import { type TableName, tableNames, usualTables } from './tables/table-catalogue.js';

/** The tables and figures of a study, in the order in which they are made. */
export interface ReportChoice {
  readonly tables: readonly TableName[];
  readonly figures: readonly FigureName[];
}

const known = { tables: tableNames, figures: figureNames } as const;

const choiceSchema = z.strictObject({
  tables: z.array(z.enum(tableNames)).default([...usualTables]),
  figures: z.array(z.enum(figureNames)).default([...usualFigures]),
});

const usual: ReportChoice = { tables: usualTables, figures: usualFigures };

/**
 * Reads `figures.yaml` of an experiment; without the file, or a key of it, the usual ones. `place` is what
 * messages call the file. Throws all of its errors at once.
 */
export function readReportChoice(file: string, place = file): ReportChoice {
  const text = readTextIfThere(file);
  if (text === undefined) return usual;
  const { root } = parseYaml(text, place);
  const parsed = choiceSchema.safeParse(toPlain(root));
  if (parsed.success) return parsed.data;
  throw new HeldoutErrors(parsed.error.issues.flatMap((issue) => explainIssue(issue, root)));
}

/** The tables or figures that a command line names. */
export function chooseNames<Kind extends keyof ReportChoice>(
  kind: Kind,
  words: readonly string[],
): ReportChoice[Kind] {
  const errors = words
    .filter((word) => !known[kind].some((name) => name === word))
    .map((word) => unknownName(kind, word, 'command line'));
  if (errors.length > 0) throw new HeldoutErrors(errors);
  return known[kind].filter((name) => words.includes(name)) as unknown as ReportChoice[Kind];
}

function explainIssue(issue: z.core.$ZodIssue, root: MapNode): HeldoutError[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  const node = nearestNode(root, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      refuse(`there is no key '${key}'`, formatPlace(root.entries.get(key)?.place ?? node.place), [
        ...suggest(key, Object.keys(known)),
        `keys are ${listNames(Object.keys(known))}`,
      ]),
    );
  }
  const [kind] = path;
  if ((kind === 'tables' || kind === 'figures') && node.kind === 'scalar' && path.length > 1) {
    return [unknownName(kind, String(node.value), formatPlace(node.place))];
  }
  return [refuse(`${path.join('.')}: ${issue.message}`, formatPlace(node.place), ['write a list of names'])];
}

function unknownName(kind: keyof ReportChoice, name: string, place: string): HeldoutError {
  return refuse(`there is no ${kind.slice(0, -1)} '${name}'`, place, [
    ...suggest(name, known[kind]),
    `${kind} are ${listNames(known[kind])}`,
  ]);
}

function refuse(message: string, place: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_REPORT_CHOICE', message, place, hints });
}
