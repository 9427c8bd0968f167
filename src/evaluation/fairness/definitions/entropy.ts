import { smooth } from '../measures/smooth.js';
import type { Rates } from '../rates.js';
import { type Definition, define } from './definition.js';

/** Values b = ŷ − y + 1 and how many people have each. */
type Benefits = readonly (readonly [value: number, people: number])[];

function index(benefits: Benefits, alpha: 1 | 2): number {
  let people = 0;
  let sum = 0;
  for (const [value, count] of benefits) {
    people += count;
    sum += value * count;
  }
  const mean = sum / people;
  let entropy = 0;
  for (const [value, count] of benefits) {
    const ratio = value / mean;
    // b log b is 0 at 0: nobody's benefit adds nothing to the Theil index.
    if (alpha === 2) entropy += (count * (ratio * ratio - 1)) / 2;
    else if (value > 0 && count !== 0) entropy += count * ratio * Math.log(ratio);
  }
  return entropy / people;
}

/** Of every person: 0 for a false negative, 2 for a false positive, else 1. */
function ofPersons({ groups, cells }: Rates): Benefits {
  const at = groups * 4;
  return [
    [0, cells[at + 2]!],
    [1, cells[at]! + cells[at + 3]!],
    [2, cells[at + 1]!],
  ];
}

/** Everyone has the mean of the own group. */
function ofGroups({ groups, cells }: Rates): Benefits {
  return Array.from({ length: groups }, (_, group) => {
    const at = group * 4;
    const people = cells[at]! + cells[at + 1]! + cells[at + 2]! + cells[at + 3]!;
    return [(cells[at]! + cells[at + 3]! + 2 * cells[at + 1]!) / people, people] as const;
  });
}

const words = 'benefits b = decision minus truth plus 1';
const kinds = [
  ['', 'over all people', ofPersons],
  ['between_group_', 'over all people, everyone with the mean of the own group', ofGroups],
] as const;

/** Inequality indices of Speicher et al. (2018), which depend on the counts alone where truth and decision are binary. */
export const entropies: readonly Definition[] = kinds.flatMap(([prefix, aggregation, of]) => [
  define(
    `${prefix}generalized_entropy`,
    smooth([], (rates) => index(of(rates), 2), 'logarithm'),
    'gap',
    {
      peers: prefix === '' ? 'AIF360 (alpha=2), OxonFair (gen_entropy)' : 'AIF360 (alpha=2)',
      formula: `generalised entropy index with alpha 2 of ${words}`,
      aggregation,
    },
  ),
  define(
    `${prefix}theil_index`,
    smooth([], (rates) => index(of(rates), 1), 'logarithm'),
    'gap',
    { peers: 'AIF360', formula: `mean of b/m log(b/m) of ${words}, m their mean`, aggregation },
  ),
  define(
    `${prefix}coefficient_of_variation`,
    smooth([], (rates) => 2 * Math.sqrt(index(of(rates), 2)), 'logarithm'),
    'gap',
    {
      peers: 'AIF360',
      formula: `2 times the square root of the generalised entropy index of ${words}: as AIF360 has it, root 2 times their coefficient of variation`,
      aggregation,
    },
  ),
]);
