import type { PageData } from './page-data.js';

/** What has to be known before anything on the page is believed. */
export function describeLimits({ seeds, protected: variable, groups, methods }: PageData): string[] {
  const several = seeds.length > 1;
  return [
    `The target has two levels and ${variable} two groups. What is searched for, regularised and shown is demographic parity (DP) alone; other ideas of fairness, such as equal error rates, may get worse meanwhile: the table group-metrics has them.`,
    `${variable} is as the data have it. Labels of groups can be wrong, coarse or outdated, and so can the target: a rule is only as fair as what it is measured by.`,
    'The rules of two heads were searched on validation. At test the gap differs by chance: with n1 and n0 people and a rate r of positive decisions by about sqrt(r(1 − r)(1/n1 + 1/n0)), one standard error; its value stands beside what is chosen. No bound on the gap in the population is given here.',
    several
      ? `Intervals are over ${seeds.length} seeds as blocks: each draws other people for training, validation and test from the same data and trains another net. Their test sets overlap, so the intervals say how much the procedure varies and not how the population does.`
      : 'There is one seed, so no interval says how much the procedure varies.',
    `The swap test puts the mean of g over the other group in the place of a person’s g. It asks what the rule does, not what would happen to a person who was ${groups[0]} rather than ${groups[1]}; it knows no causes.`,
    'A regularised net has no head that could be read. The line through both heads of another net that decides most like it says how it decides, not how it comes to that.',
    ...(methods.some(({ name }) => name === 'adversarial')
      ? ['The adversarial net is one setting and was not tuned; it is no verdict on the method.']
      : []),
    ...(methods.some(({ name }) => name === 'exponentiated gradient')
      ? [
          'Exponentiated gradient decides by chance: what is shown are the decisions that each run’s seed drew, once for everybody.',
        ]
      : []),
    'People are named by their row: its number, from 0, among the rows that the dataset keeps. Their columns are not on this page.',
    'That treating people by an inferred group is disparate treatment, whether a net does it openly or not, is the argument of the authors of the method (Lohaus et al., NeurIPS 2022) about law of the United States. It is no legal advice.',
  ];
}
