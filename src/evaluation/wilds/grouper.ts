import { HeldoutError } from '../../core/errors.js';

/** A field of metadata: a whole number from 0 on for every row, and what each means, where that is known. */
export interface MetadataField {
  readonly name: string;
  readonly values: ArrayLike<number>;
  readonly names?: readonly (string | number)[] | undefined;
}

/** Groups of rows by the joint values of some fields. */
export interface Grouper {
  /** Names of the fields that make the groups, in the order of the metadata; undefined: there is one group. */
  readonly fields: readonly string[] | undefined;
  /** Groups, those without a row among them. */
  readonly count: number;
  /** Of every row. */
  readonly groups: Uint32Array;
  /** `place = water, y = 1`: the last field first. */
  nameGroup(group: number): string;
  /** The same as a part of a key: `place:water_y:1`. */
  keyGroup(group: number): string;
}

/**
 * The groups of WILDS' CombinatorialGrouper (Koh et al. 2021): group = sum of value_i times factor_i, where factor_i is the
 * product of (1 + the largest value) of the fields before it, so the first field varies fastest. Fields stand in the order
 * of the metadata, whatever the order in which they are asked for (there, names follow the one and values the other).
 * @param by Names of fields; undefined puts all rows into one group.
 */
export function createGrouper(
  metadata: readonly MetadataField[],
  by: readonly string[] | undefined,
): Grouper {
  const size = metadata[0]?.values.length ?? 0;
  if (by === undefined) {
    const all = () => 'all';
    return { fields: undefined, count: 1, groups: new Uint32Array(size), nameGroup: all, keyGroup: all };
  }
  const unknown = by.find((name) => !metadata.some((field) => field.name === name));
  if (unknown !== undefined || by.length === 0) throw noField(unknown, by, metadata);
  const fields = metadata.filter(({ name }) => by.includes(name));
  const cardinality = fields.map(({ values }) => 1 + largest(values));
  const factors = cardinality.map((_, at) =>
    cardinality.slice(0, at).reduce((product, each) => product * each, 1),
  );
  const groups = new Uint32Array(size);
  for (const [at, { values }] of fields.entries()) {
    for (let row = 0; row < size; row++) groups[row]! += values[row]! * factors[at]!;
  }
  const nameGroup = (group: number): string =>
    fields
      .map(({ name, names }, at) => {
        const value = Math.floor(group / factors[at]!) % cardinality[at]!;
        return `${name} = ${names?.[value] ?? value}`;
      })
      .toReversed()
      .join(', ');
  return {
    fields: fields.map(({ name }) => name),
    count: cardinality.reduce((product, each) => product * each, 1),
    groups,
    nameGroup,
    keyGroup: (group) => nameGroup(group).replaceAll('=', ':').replaceAll(',', '_').replaceAll(' ', ''),
  };
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let row = 0; row < values.length; row++) most = Math.max(most, values[row]!);
  return most;
}

function noField(
  name: string | undefined,
  by: readonly string[],
  metadata: readonly MetadataField[],
): HeldoutError {
  return new HeldoutError({
    code: 'E_METRIC_GROUPS',
    message: name === undefined ? 'no field is named to group by' : `there is no field '${name}' to group by`,
    place: `by=${by.join(',')}`,
    hints: [`the fields are ${metadata.map((field) => field.name).join(', ')}`],
  });
}
