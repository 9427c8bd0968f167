import { definitions } from '../evaluation/fairness/definitions/catalogue.js';
import { directions } from '../evaluation/fairness/definitions/definition.js';
import { scoreDefinitions } from '../evaluation/fairness/scores/catalogue.js';
import type { Table } from './table.js';

/** What the rows of group-metrics mean: the same for every study. */
export function tabulateDefinitions(): Omit<Table, 'name'> {
  return {
    title: 'Definitions of group metrics',
    caption: [
      'Group 0 and group 1 are in the order of the levels of the protected variable; of more than two groups each is compared with the first. Level 1 of the target is the positive class.',
    ],
    stub: ['name'],
    columns: ['direction', 'aggregation', 'formula', 'peers', 'analytic interval'].map((label) => ({
      label,
    })),
    rows: [...definitions, ...scoreDefinitions].map((definition) => ({
      header: [definition.name],
      section: '',
      ranked: false,
      cells: [
        directions[definition.direction],
        definition.aggregation,
        definition.formula,
        definition.peers,
        definition.method,
      ].map((text) => ({ kind: 'text', text }) as const),
    })),
  };
}
