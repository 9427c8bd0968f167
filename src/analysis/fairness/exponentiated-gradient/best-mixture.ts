import { type Constraint, type Options, solve } from 'yalps';

/** Something that can be mixed: its error, and what is bounded from above and from below. */
export interface Mixable {
  readonly error: number;
  readonly differences: Float64Array;
}

export interface Mixture {
  /** Probability of each; at most one more than there are bounds are above 0. */
  readonly weights: Float64Array;
  /** What a relaxation of each bound would gain: first of those from above, then of those from below. Sum to the price at most. */
  readonly multipliers: Float64Array;
}

const options: Options = { includeZeroVariables: true, precision: 1e-10 };

/**
 * The mixture of least error + price · violation, where the violation is the largest |difference| beyond epsilon, and the
 * multipliers at which nothing better can be mixed: a linear program and its dual.
 */
export function findBestMixture(members: readonly Mixable[], epsilon: number, price: number): Mixture {
  return { weights: weigh(members, epsilon, price), multipliers: priceBounds(members, epsilon, price) };
}

function weigh(members: readonly Mixable[], epsilon: number, price: number): Float64Array {
  const bounds = Array.from(members[0]!.differences.keys());
  const names = members.map((_, member) => String(member));
  const solution = solve(
    {
      direction: 'minimize',
      objective: 'cost',
      constraints: new Map<string, Constraint>([
        ['sum', { equal: 1 }],
        ...bounds.map((at) => [`above ${at}`, { max: epsilon }] as const),
        ...bounds.map((at) => [`below ${at}`, { min: -epsilon }] as const),
      ]),
      variables: [
        ...members.map(({ error, differences }, member): Variable => {
          const differs = bounds.flatMap((at) =>
            [`above ${at}`, `below ${at}`].map((name) => [name, differences[at]!] as const),
          );
          return [names[member]!, new Map([['cost', error], ['sum', 1], ...differs])];
        }),
        [
          'violation',
          new Map([
            ['cost', price],
            ...bounds.flatMap((at) => [[`above ${at}`, -1] as const, [`below ${at}`, 1] as const]),
          ]),
        ],
      ],
    },
    options,
  );
  return read(solution, names);
}

/** The dual: multipliers that sum to the price at most, and for which the cheapest member costs most. */
function priceBounds(members: readonly Mixable[], epsilon: number, price: number): Float64Array {
  const bounds = Array.from(members[0]!.differences.keys());
  const names = ['above', 'below'].flatMap((side) => bounds.map((at) => `${side} ${at}`));
  const solution = solve(
    {
      direction: 'maximize',
      objective: 'value',
      constraints: new Map<string, Constraint>([
        ['price', { max: price }],
        ...members.map(({ error }, member) => [String(member), { max: error }] as const),
      ]),
      variables: [
        ...names.map((name, index): Variable => {
          const [at, sign] = [index % bounds.length, index < bounds.length ? -1 : 1];
          const differs = members.map(
            ({ differences }, member) => [String(member), sign * differences[at]!] as const,
          );
          return [name, new Map([['value', -epsilon], ['price', 1], ...differs])];
        }),
        // What the cheapest member costs, which may be negative.
        ...[1, -1].map(
          (sign): Variable => [
            `cheapest ${sign}`,
            new Map([['value', sign], ...members.map((_, member) => [String(member), sign] as const)]),
          ],
        ),
      ],
    },
    options,
  );
  return read(solution, names);
}

type Variable = readonly [string, ReadonlyMap<string, number>];

function read(
  { status, variables }: ReturnType<typeof solve<string, string>>,
  names: readonly string[],
): Float64Array {
  // A violation, and multipliers of zero, are always to be had.
  if (status !== 'optimal') throw new Error(`the linear program is ${status}`);
  const values = new Map(variables);
  return Float64Array.from(names, (name) => Math.max(0, values.get(name) ?? 0));
}
