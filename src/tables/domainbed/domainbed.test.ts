import { describe, expect, it } from 'vitest';
import type { PythonValue } from '../../core/python/value.js';
import { autoRate, type DomainRecord, domainBedRules } from '../../selection/index.js';
import { readSweep, sweepText } from '../../sweeps/domainbed/testing/vlcs-sweep.js';
import { meanCell, tenths } from './cell.js';
import { tableLines } from './lines.js';
import { resultTables } from './results.js';
import { topText } from './top.js';

const records = readSweep().flatMap((job) => job.records);

describe('resultTables', () => {
  it("prints for DomainBed's own sweep what DomainBed prints, to the character", () => {
    expect(resultTables(records, domainBedRules, 'text').text).toBe(sweepText);
  });

  it('does not depend on the order of the records of different trainings', () => {
    expect(
      resultTables(
        records.toReversed().toSorted((a, b) => a.step - b.step),
        domainBedRules,
        'text',
      ).text,
    ).toBe(sweepText);
  });

  it('says which run and checkpoint each number is from', () => {
    const { selections } = resultTables(records, domainBedRules, 'text');
    expect(selections).toHaveLength(3 * 2 * 4);
    for (const { rule, group, chosen, missing, runs } of selections) {
      expect(missing).toEqual([]);
      expect(runs).toHaveLength(2);
      expect(chosen!.record.args.test_envs).toEqual([group.testEnvironment]);
      expect(chosen!.record.step).toBe(chosen!.step);
      expect(chosen!.test).toBe(chosen!.record[`env${group.testEnvironment}_in_acc`]);
      if (rule.looksAtTest) expect(chosen!.step).toBe(1000);
    }
  });

  it('has an X where nothing can be chosen, and says what is missing', () => {
    const some = records.filter(
      ({ args }) => args.test_envs.join() !== '0,3' && args.test_envs.join() !== '2',
    );
    const { text, selections } = resultTables(some, domainBedRules, 'text');
    expect(text.match(/^ERM.*$/gm)).toEqual([
      'ERM                   98.0 +/- 0.2          64.2 +/- 0.8          X                     77.1 +/- 0.2          X                    ',
      expect.stringMatching(/^ERM {24}\d+\.\d \+\/- \d\.\d {15}\d+\.\d {22}$/),
      'ERM                   X                     64.4 +/- 0.9          X                     X                     X                    ',
      expect.stringMatching(/^ERM {24}64\.4 \+\/- 0\.9 {15}64\.4 {22}$/),
      'ERM                   96.9 +/- 1.0          65.9 +/- 0.5          X                     76.9 +/- 0.3          X                    ',
      expect.stringMatching(/^ERM {24}\d+\.\d \+\/- \d\.\d {15}\d+\.\d {22}$/),
    ]);
    const lacks = selections.find(
      ({ rule, group }) => rule.name.startsWith('leave') && group.testEnvironment === 0,
    )!;
    expect(lacks.missing).toEqual([
      { hparamsSeed: 0, testEnvironments: [0, 3], steps: [] },
      { hparamsSeed: 1, testEnvironments: [0, 3], steps: [] },
    ]);
  });

  it('orders algorithms and datasets as DomainBed does, its own first', () => {
    const mixed = ['Mine', 'VREx', 'ERM'].flatMap((algorithm) =>
      ['mine', 'ColoredMNIST'].map((dataset) => {
        const { args, ...rest } = records.find((record) => record.args.test_envs.join() === '1')!;
        return { ...rest, args: { ...args, algorithm, dataset } } as DomainRecord;
      }),
    );
    const { text } = resultTables(mixed, domainBedRules, 'text');
    expect([...text.matchAll(/^(\w+) /gm)].map(([, name]) => name).slice(0, 9)).toEqual([
      ...['Total', 'Algorithm', 'ERM', 'VREx', 'Mine'],
      ...['Algorithm', 'ERM', 'VREx', 'Mine'],
    ]);
    expect(text).toMatch(/^Algorithm {13}\+90% {18}\+80% {18}-90% {18}Avg {18}$/m);
    expect(text).toMatch(/^Algorithm {13}0 {21}1 {21}Avg {18}$/m);
    expect(text).toMatch(/^Algorithm {18}ColoredMNIST {15}mine {23}Avg {23}$/m);
  });

  // As printed by DomainBed's collect_results --latex, whose cells are cut to 20 and 25 characters.
  it('prints LaTeX', () => {
    const { text } = resultTables(records, domainBedRules, 'latex');
    const row = (cells: readonly string[], width: number) =>
      `${cells.map((cell) => cell.padEnd(width)).join(' & ')} \\\\`;
    expect(text.split('\n').slice(0, 40)).toEqual([
      '\\documentclass{article}',
      '\\usepackage{booktabs}',
      '\\usepackage{adjustbox}',
      '\\begin{document}',
      '\\section{Full DomainBed results}',
      '% Total records: 200',
      '',
      '\\subsection{Model selection: training-domain validation set}',
      '',
      '\\subsubsection{VLCS}',
      '',
      '\\begin{center}',
      '\\adjustbox{max width=\\textwidth}{%',
      '\\begin{tabular}{lccccc}',
      '\\toprule',
      row(
        ['\\textbf{Algorithm}', '\\textbf{C}', '\\textbf{L}', '\\textbf{S}', '\\textbf{V}', '\\textbf{Avg}'],
        20,
      ),
      '\\midrule',
      row(['ERM', '98.0 $\\pm$ 0.2', '64.2 $\\pm$ 0.8', '74.1 $\\pm$ 0.4', '77.1 $\\pm$ 0.2', '78.3'], 20),
      '\\bottomrule',
      '\\end{tabular}}',
      '\\end{center}',
      '',
      '\\subsubsection{Averages}',
      '',
      '\\begin{center}',
      '\\adjustbox{max width=\\textwidth}{%',
      '\\begin{tabular}{lcc}',
      '\\toprule',
      row(['\\textbf{Algorithm}', '\\textbf{VLCS}', '\\textbf{Avg}'], 25),
      '\\midrule',
      row(['ERM', '78.3 $\\pm$ 0.0', '78.3'], 25),
      '\\bottomrule',
      '\\end{tabular}}',
      '\\end{center}',
      '',
      '\\subsection{Model selection: leave-one-domain-out cross-validation}',
      '',
      '\\subsubsection{VLCS}',
      '',
      '\\begin{center}',
    ]);
    expect(text.endsWith('\\end{center}\n\\end{document}\n')).toBe(true);
  });

  it("reports ERM++'s second pass", () => {
    const passes = readSweep().flatMap(({ records: own }) => {
      const last = own.at(-1)!;
      const { holdout_fraction: _, ...args } = last.args;
      const second = { args: { ...args, holdout_fraction: 0 }, hparams: last.hparams, step: 1000 };
      return [
        ...own,
        { ...second, fd_env0_in_acc: 0.5, fd_env1_in_acc: 0.25, fd_env2_in_acc: 1, fd_env3_in_acc: 0 },
      ];
    });
    const { text } = resultTables(passes, [autoRate], 'text');
    expect(text).toContain('model selection method: auto lr training-domain validation set');
    expect(text).toMatch(
      /^ERM +50\.0 \+\/- 0\.0 +25\.0 \+\/- 0\.0 +100\.0 \+\/- 0\.0 +0\.0 \+\/- 0\.0 +43\.8 +$/m,
    );
  });
});

// The goldens of DomainBed's domainbed/test/scripts/test_collect_results.py.
describe('a table', () => {
  const table = { title: 'Header text', columns: ['', 'C1', 'C2'], rows: [['R1', '1', '2']], width: 10 };

  it('has cells of a mean and its standard error', () => {
    expect(meanCell([0.1, 0.2, 0.3], 'text').text).toBe('20.0 +/- 4.7');
    expect(meanCell([0.1, 0.2, 0.3], 'latex').text).toBe('20.0 $\\pm$ 4.7');
    expect(meanCell([], 'text')).toEqual({ mean: undefined, text: 'X' });
  });

  it('is filled up and cut to its width', () => {
    expect(tableLines(table, 'text')).toEqual([
      '',
      '-------- Header text',
      '            C1          C2         ',
      'R1          1           2          ',
    ]);
    expect(tableLines({ ...table, columns: ['C1', 'C2%', 'x'] }, 'latex')[5]).toBe(
      '\\textbf{C1 & \\textbf{C2 & \\textbf{x} \\\\',
    );
  });

  // '{:.1f}'.format(x) of Python 3.
  it.each([
    [0.25, '0.2'],
    [0.75, '0.8'],
    [50.25, '50.2'],
    [50.75, '50.8'],
    [0.05, '0.1'],
    [0.15, '0.1'],
    [2.5, '2.5'],
    [-0.25, '-0.2'],
    [99.96, '100.0'],
    [Number.NaN, 'nan'],
  ])('rounds %d to %s', (value, text) => {
    expect(tenths(value)).toBe(text);
  });
});

it('lists the best hyper-parameters with their folders', () => {
  const exactly = ({ hparams }: DomainRecord) => hparams as Readonly<Record<string, PythonValue>>;
  const query = { dataset: 'VLCS', algorithm: 'ERM', testEnvironment: 0 };
  const lines = topText(records, domainBedRules, query, exactly).split('\n');
  expect(lines.slice(0, 14)).toEqual([
    'Total records: 200',
    'Model selection: training-domain validation set',
    'trial_seed: 0',
    "\t{'val_acc': 0.8084129882259274, 'test_acc': 0.976148409893993}",
    '\t\thparams:',
    '\t\t\tbatch_size: 39',
    '\t\t\tclass_balanced: False',
    '\t\t\tdata_augmentation: True',
    '\t\t\tlr: 2.7028930742148706e-05',
    '\t\t\tnonlinear_classifier: False',
    '\t\t\tresnet18: False',
    '\t\t\tresnet_dropout: 0.5',
    '\t\t\tweight_decay: 0.00044832883881609976',
    '\t\toutput_dirs:',
  ]);
});
