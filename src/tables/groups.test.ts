import { describe, expect, it } from 'vitest';
import { analyseGroups } from '../evaluation/fairness/analyse.js';
import { type Person, twelve } from '../evaluation/fairness/testing/people.js';
import { tabulatePeople } from '../evaluation/fairness/testing/predictions.js';
import type { RunRecord } from '../evaluation/record.js';
import type { GroupRun } from './groups.js';
import { renderers } from './index.js';
import { groupTables, studyTables } from './study-tables.js';

const options = { set: 'test', draws: 100, scoreDraws: 20 } as const;
const noPositiveMen = twelve.filter(([group, truth]) => !(group === 1 && truth === 1));
function makeRun(model: string, people: readonly Person[], names: readonly string[] = ['sex']): GroupRun {
  const analyses = analyseGroups(tabulatePeople(people), { ...options, protected: names });
  return {
    labels: { dataset: 'adult', model, split: 'stratified' },
    reference: model === 'majority',
    analyses,
  };
}
const record = (model: string, seed: string): RunRecord => ({
  schema: 1,
  run: `${model}-${seed}`,
  labels: {
    dataset: 'adult',
    split: 'stratified',
    model,
    seed,
    protocol: model === 'majority' ? 'reference' : 'supervised',
  },
  rows: [{ set: 'test', metric: 'accuracy', group: {}, value: 0.5, n: 12 }],
});
const make = (groups: readonly GroupRun[]) =>
  studyTables([record('mlp', '0'), record('mlp', '1'), record('majority', '0')], {
    names: groupTables,
    groups,
  });

describe('the table of groups', () => {
  const runs = [makeRun('mlp', twelve), makeRun('mlp', noPositiveMen), makeRun('majority', twelve)];
  const [table, definitions] = make(runs);
  const find = (section: string, ...header: readonly string[]) =>
    table!.rows.find((row) => row.section === section && row.header.join() === header.join())!;

  it('has sizes first, then rates, then comparisons, per model', () => {
    expect(table!.name).toBe('group-metrics');
    expect([...new Set(table!.rows.map(({ section }) => section))]).toEqual([
      'MLP, income by sex: people',
      'MLP, income by sex: rates',
      'MLP, income by sex: comparisons, group 1 is Male, group 0 is Female',
      'majority class, income by sex: people',
      'majority class, income by sex: rates',
      'majority class, income by sex: comparisons, group 1 is Male, group 0 is Female',
    ]);
    expect(table!.rows[0]!.header).toEqual(['people', 'Female']);
    expect(find('MLP, income by sex: people', 'people', 'Male').cells[0]).toEqual({
      kind: 'text',
      text: '3 to 7',
    });
  });

  it('has values with both intervals and a direction, or why there is none', () => {
    const place = 'majority class, income by sex: comparisons, group 1 is Male, group 0 is Female';
    expect(find(place, 'demographic_parity', '').cells).toEqual([
      { kind: 'value', value: expect.closeTo(11 / 35, 12) },
      { kind: 'interval', low: expect.any(Number), high: expect.any(Number) },
      { kind: 'interval', low: expect.any(Number), high: expect.any(Number) },
      { kind: 'text', text: '12' },
      { kind: 'text', text: 'group 1 minus group 0; parity at 0' },
      { kind: 'text', text: '' },
    ]);
    // One of two runs lacks positive men: the other's value stands; the mean over both where both have it.
    const ours = place.replace('majority class', 'MLP');
    expect(find(ours, 'equal_opportunity', '').cells[0]).toEqual({ kind: 'value', value: 0.25 });
    expect(find(ours, 'accuracy_parity', '').cells[0]).toMatchObject({ kind: 'estimate', n: 2 });
    const [lacking] = make([makeRun('mlp', noPositiveMen)]);
    const row = lacking!.rows.find(({ header }) => header[0] === 'equal_opportunity')!;
    expect(row.cells[0]).toEqual({ kind: 'text', text: 'none' });
    expect(row.cells[5]).toEqual({ kind: 'text', text: 'no person of the positive class in Male' });
    expect(find(ours, 'equal_opportunity', '').cells[5]).toEqual({
      kind: 'text',
      text: '1 of 2 runs: no person of the positive class in Male',
    });
    expect(row.cells[1]).toEqual({ kind: 'text', text: '' });
  });

  it('names the groups of a comparison where there are more than two', () => {
    const [crossed] = make([makeRun('mlp', twelve, ['sex', 'race'])]);
    const headers = crossed!.rows
      .filter(({ header: [name] }) => name === 'demographic_parity')
      .map(({ header }) => header[1]);
    expect(headers).toEqual([
      '',
      '',
      '1: Female+White, 0: Female+Black',
      '1: Male+Black, 0: Female+Black',
      '1: Male+White, 0: Female+Black',
    ]);
  });

  it('is written in every format', () => {
    const lineOf = (text: string, start: string) => text.split('\n').find((line) => line.includes(start))!;
    const csv = renderers.csv(table!);
    expect(csv.split('\n')[0]).toBe(
      'section,quantity,group,value,value half-width,value n,analytic low,analytic high,bootstrap low,bootstrap high,people,direction,why none',
    );
    expect(lineOf(renderers.md(table!), '| positive\\_rate | Female')).toMatch(
      /\| 0\.400 ± 0\.000 \| \[0\.118, 0\.769\] \| \[\d\.\d{3}, \d\.\d{3}\] \| 5 \|/,
    );
    expect(lineOf(renderers.tex(table!), 'statistical\\_parity\\_difference')).toMatch(
      /\$\[-\d\.\d{3}, \d\.\d{3}\]\$/,
    );
    expect(lineOf(renderers.txt(table!), 'demographic_parity_gap')).toMatch(/\[\d\.\d{3}, \d\.\d{3}\]/);
    expect(JSON.parse(renderers.json(table!)).rows).toHaveLength(table!.rows.length);
  });

  it('comes with what each definition means', () => {
    expect(definitions!.name).toBe('group-definitions');
    const row = definitions!.rows.find(({ header }) => header[0] === 'equalized_odds_sum')!;
    expect(row.cells.map((cell) => (cell.kind === 'text' ? cell.text : ''))).toEqual([
      'at least 0; parity at 0',
      'sum over the two rates; largest minus smallest of all groups',
      'sum of the gaps of true and false positive rate',
      'FFB (eodd / 100)',
      'folded Newcombe, at once for all pairs and rates (Bonferroni)',
    ]);
    expect(make([])).toEqual([]);
  });
});
