import type { PredictionsTable } from '../../evaluation/predictions.js';
import { describePeople, type People } from './people.js';

/** What a run scored about the people of one set. */
export interface ReadScores {
  /** Who they are: the same number is the same person in every run. */
  readonly ids: Uint32Array;
  readonly people: People;
  /** Logit of the binary target, less its threshold: decisions are f > 0. */
  readonly f: Float64Array;
  /** Of a second head its output less its threshold; of more than two groups an output each; none without such a head. */
  readonly g: readonly Float64Array[];
  /** What a linear probe of the net's own last hidden layer says of the group, above 0 for group 1, where there is one. */
  readonly probe: Float64Array | undefined;
}

/**
 * Scores and groups of one set of a predictions table; `name` is the protected variable.
 *
 * @throws HeldoutError `E_GROUP_ABSENT` where the set lacks one of the groups.
 */
export function readScores(table: PredictionsTable, set: string, target: string, name: string): ReadScores {
  const rows = Uint32Array.from(table.set.flatMap((own, row) => (own === set ? [row] : [])));
  const column = (of: string) => table.variables[of]!;
  const logits = (of: string, groups: number): readonly Float64Array[] => {
    const found = table.logits?.[of];
    if (found === undefined) return [];
    const each = (level: number) => Float64Array.from(rows, (row) => found[groups * row + level]!);
    if (groups > 2) return Array.from({ length: groups }, (_, level) => each(level));
    return [Float64Array.from(rows, (row) => found[2 * row + 1]! - found[2 * row]!)];
  };
  const probed = table.probes?.[name];
  const probe = probed && Float64Array.from(rows, (row) => probed[row]!);
  const groups = table.context.names?.[name]?.length ?? 2;
  const y = Uint8Array.from(rows, (row) => column(target)[row]!);
  const a = Uint16Array.from(rows, (row) => column(name)[row]!);
  return {
    ids: Uint32Array.from(rows, (row) => table.example[row]!),
    people: describePeople(y, a, groups),
    f: logits(target, 2)[0]!,
    g: logits(name, groups),
    probe: probe?.every(Number.isFinite) === true ? probe : undefined,
  };
}
