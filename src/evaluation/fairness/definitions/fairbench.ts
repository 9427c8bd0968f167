import { cellsPerGroup } from '../counts.js';
import { withoutBounds } from '../measures/measure.js';
import { largestOf } from '../measures/reduce.js';
import { smooth } from '../measures/smooth.js';
import { distancesToAll } from '../measures/to-all.js';
import { type ProportionName, proportionNames, type RateName, type Rates } from '../rates.js';
import { aggregations, type Definition, define } from './definition.js';
import { reductions, relative } from './fairbench-reductions.js';

const measures: Readonly<Record<string, RateName>> = {
  pr: 'positive_rate',
  acc: 'accuracy',
  tpr: 'true_positive_rate',
  tnr: 'true_negative_rate',
  ppv: 'positive_predictive_value',
  f1: 'f1',
  mcc: 'mcc',
};

function isProportion(rate: RateName): rate is ProportionName {
  return (proportionNames as readonly string[]).includes(rate);
}

function weightedMean({ groups, cells, filled }: Rates, rate: RateName): number {
  let [sum, people] = [0, 0];
  for (let group = 0; group < groups; group++) {
    const at = group * cellsPerGroup;
    const size = cells[at]! + cells[at + 1]! + cells[at + 2]! + cells[at + 3]!;
    sum += size * filled[rate][group]!;
    people += size;
  }
  return sum / people;
}

function againstEveryone(rate: RateName, compare: (a: number, b: number) => number) {
  return ({ groups, filled }: Rates): number => {
    let most = 0;
    for (let group = 0; group < groups; group++) {
      most = Math.max(most, compare(filled[rate][group]!, filled[rate][groups]!));
    }
    return most;
  };
}

function compose(short: string, rate: RateName): Definition[] {
  const what = rate.replaceAll('_', ' ');
  // Ratios are of numbers that are not negative, as a correlation may be; and a positive rate is not meant to be 1.
  const ofPositives = ['gm', 'maxrel', 'gini'];
  const fitting = reductions.filter(
    ({ name }) =>
      !(rate === 'mcc' && ofPositives.includes(name)) && !(rate === 'positive_rate' && name === 'maxerror'),
  );
  const all = fitting.map(({ name, words, reduce, direction, measure }) =>
    define(
      `fairbench_${name}_${short}`,
      measure !== undefined && isProportion(rate)
        ? measure(rate)
        : withoutBounds([rate], ({ groups, filled }) => reduce(filled[rate], groups)),
      direction === 'higher' && rate === 'positive_rate' ? 'level' : direction,
      {
        peers: `FairBench (pairwise_${name}_${short})`,
        formula: `${words} of the groups' ${what}; 0/0 counts as 0`,
        aggregation: `${name} over groups`,
      },
    ),
  );
  const difference = (a: number, b: number) => Math.abs(a - b);
  return [
    ...all,
    define(
      `fairbench_wmean_${short}`,
      smooth([rate], (rates) => weightedMean(rates, rate)),
      'level',
      {
        peers: `FairBench (pairwise_wmean_${short})`,
        formula: `mean of the groups' ${what}, weighted by their people; 0/0 counts as 0`,
        aggregation: 'mean over groups, weighted by size',
      },
    ),
    define(
      `fairbench_vsall_maxdiff_${short}`,
      isProportion(rate)
        ? distancesToAll([rate], largestOf, { filled: true })
        : withoutBounds([rate], againstEveryone(rate, difference)),
      'gap',
      {
        peers: `FairBench (vsall_largestmaxdiff_${short})`,
        formula: `largest absolute difference of a group's ${what} and everyone's; 0/0 counts as 0`,
        aggregation: aggregations.toAll,
      },
    ),
    ...(rate === 'mcc'
      ? []
      : [
          define(
            `fairbench_vsall_maxrel_${short}`,
            withoutBounds([rate], againstEveryone(rate, relative)),
            'gap',
            {
              peers: `FairBench (vsall_largestmaxrel_${short})`,
              formula: `largest relative difference of a group's ${what} and everyone's; 0 where one is 0`,
              aggregation: aggregations.toAll,
            },
          ),
        ]),
  ];
}

/** Compositions of a measure, a comparison of groups, and a reduction to one number. */
export const fairbench: readonly Definition[] = Object.entries(measures).flatMap(([short, rate]) =>
  compose(short, rate),
);
