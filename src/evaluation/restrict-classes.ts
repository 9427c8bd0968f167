import { listSets } from './metrics/rows.js';
import type { PredictionsTable } from './predictions.js';

/** So unlikely that its exponential vanishes beside any other. */
const impossible = -1e30;

/**
 * The same predictions, where in every set only classes can be answered that its rows have: a model of 200 classes on
 * images of 62 of them is asked for one of the 62 (as Tiny-ImageNet-R is evaluated).
 */
export function restrictClasses(table: PredictionsTable): PredictionsTable {
  if (table.logits === undefined) return table;
  const sets = [...listSets(table).values()];
  const restricted = Object.entries(table.logits).map(([target, logits]) => {
    const truth = table.variables[target]!;
    const classes = logits.length / truth.length;
    const out = logits.slice();
    for (const rows of sets) {
      const present = new Uint8Array(classes);
      for (const row of rows) present[truth[row]!] = 1;
      for (const row of rows) {
        for (let at = 0; at < classes; at++) if (present[at] === 0) out[row * classes + at] = impossible;
      }
    }
    return [target, out] as const;
  });
  return { ...table, logits: Object.fromEntries(restricted) };
}
