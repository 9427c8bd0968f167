import { describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../config/index.js';
import { makeSplit } from '../splits/index.js';
import { makeColumns } from '../variables/columns.js';
import { checkGroups } from './check-groups.js';

/** 40 people, one of them of the group z. */
const variables = [{ name: 'race', kind: 'categorical' as const, levels: ['x', 'y', 'z'] }];
const race = Uint16Array.from({ length: 40 }, (_, at) => (at === 0 ? 2 : at % 2));
const table = { ...makeColumns(40, variables, { race }), strata: ['race'] };

function check(shares: { readonly train: number; readonly [set: string]: number }, objective = 'fair') {
  const config = { objective: { name: objective }, evaluation: { protected: ['race'] }, dataset: {} };
  return checkGroups(table, makeSplit(table, { rule: 'stratified', shares }), [
    config as unknown as ExperimentConfig,
  ]);
}

describe('groups that a set lacks', () => {
  it('are told where rules are chosen and reported', () => {
    const notes = check({ train: 0.5, validation: 0.2, test: 0.3 });
    expect(notes.map((note) => note.slice(0, note.indexOf(':')))).toEqual([
      'nobody of the set validation has race z (1 in all)',
      'nobody of the set test has race z (1 in all)',
    ]);
    expect(notes[0]).toContain('leave such runs out');
  });

  it('are refused in training, by an objective that asks for groups', () => {
    const shares = { train: 0.1, validation: 0.2, test: 0.7 };
    expect(() => check(shares)).toThrow(
      expect.objectContaining({ code: 'E_PROTECTED_GROUPS', place: 'split', exitCode: 2 }),
    );
    expect(check(shares, 'cross_entropy')).toHaveLength(1);
  });
});
