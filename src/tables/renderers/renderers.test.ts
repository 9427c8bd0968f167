import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderers } from '../index.js';
import { type Cell, formatNumber, markBest, missing, type Table } from '../table.js';
import { escapeLatex } from './latex.js';
import { renderText } from './text.js';

const estimate = (mean: number, halfWidth: number | undefined, n: number): Cell => ({
  kind: 'estimate',
  mean,
  halfWidth,
  n,
});

const table: Table = markBest({
  name: 'toy',
  title: 'R² of two_models',
  caption: ['Mean ± half-width.', '50 % of "all".'],
  stub: ['model'],
  columns: [
    { group: 'random', label: 'train', best: 'highest' },
    { group: 'random', label: 'test', best: 'highest' },
    { label: 'loss', best: 'lowest' },
    { label: 'n' },
  ],
  rows: [
    {
      header: ['a_1'],
      section: '',
      ranked: true,
      cells: [
        estimate(0.99912, 0.0004, 3),
        estimate(-0.25, 0.5, 3),
        estimate(0.1, undefined, 1),
        { kind: 'text', text: '3, 1' },
      ],
    },
    {
      header: ['b, "quoted"'],
      section: '',
      ranked: true,
      cells: [estimate(0.99899, 0.0001, 3), missing, estimate(0.2, 0.01, 3), { kind: 'text', text: '3' }],
    },
    {
      header: ['oracle'],
      section: '',
      ranked: false,
      cells: [
        { kind: 'value', value: 1 },
        { kind: 'value', value: 0.8125 },
        { kind: 'value', value: 0 },
        { kind: 'text', text: '' },
      ],
    },
  ],
});

describe('a table', () => {
  it('reads in a terminal', () => {
    expect(renderers.txt(table)).toMatchInlineSnapshot(`
      "R² of two_models

      ──────────────────────────────────────────────────────────────────
                               random
                   ───────────────────────────────
      model                 train             test            loss     n
      ──────────────────────────────────────────────────────────────────
      a_1          0.999 ± 0.000*  −0.250 ± 0.500     0.100 ± n/a*  3, 1
      b, "quoted"  0.999 ± 0.000*         missing   0.200 ± 0.010      3
      oracle               1.000            0.813           0.000
      ──────────────────────────────────────────────────────────────────

      Mean ± half-width. 50 % of "all".
      "
    `);
  });

  it('is broken into blocks where the terminal is narrow', () => {
    const text = renderText(table, { width: 50 });
    expect(text).toMatchInlineSnapshot(`
      "R² of two_models

      ────────────────────────────────────────────
                               random
                   ───────────────────────────────
      model                 train             test
      ────────────────────────────────────────────
      a_1          0.999 ± 0.000*  −0.250 ± 0.500
      b, "quoted"  0.999 ± 0.000*         missing
      oracle               1.000            0.813
      ────────────────────────────────────────────

      ─────────────────────────────────
      model                  loss     n
      ─────────────────────────────────
      a_1            0.100 ± n/a*  3, 1
      b, "quoted"  0.200 ± 0.010      3
      oracle               0.000
      ─────────────────────────────────

      Mean ± half-width. 50 % of "all".
      "
    `);
    expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(50);
  });

  it('reads in Markdown', () => {
    expect(renderers.md(table)).toMatchInlineSnapshot(`
      "**R² of two\\_models**

      | model | random: train | random: test | loss | n |
      | :-- | --: | --: | --: | --: |
      | a\\_1 | **0.999** ± 0.000 | −0.250 ± 0.500 | **0.100** ± n/a | 3, 1 |
      | b, "quoted" | **0.999** ± 0.000 | missing | 0.200 ± 0.010 | 3 |
      | oracle | 1.000 | 0.813 | 0.000 |  |

      Mean ± half-width. 50 % of "all".
      "
    `);
  });

  it('is CSV with all digits', () => {
    expect(renderers.csv(table)).toMatchInlineSnapshot(`
      "model,random train,random train half-width,random train n,random test,random test half-width,random test n,loss,loss half-width,loss n,n
      a_1,0.99912,0.0004,3,-0.25,0.5,3,0.1,,1,"3, 1"
      "b, ""quoted""",0.99899,0.0001,3,,,0,0.2,0.01,3,3
      oracle,1,,,0.8125,,,0,,,
      "
    `);
  });

  it('is JSON with all digits', () => {
    const parsed = JSON.parse(renderers.json(table));
    expect(parsed.rows[0].cells[0]).toEqual({
      kind: 'estimate',
      mean: 0.99912,
      halfWidth: 0.0004,
      n: 3,
      best: true,
    });
    expect(parsed.rows[0].cells[2].halfWidth).toBeUndefined();
    expect(parsed.rows[1].cells[1]).toEqual({ kind: 'missing' });
  });

  it('is LaTeX in booktabs style', () => {
    expect(renderers.tex(table)).toMatchInlineSnapshot(`
      "\\begin{table}
      \\centering
      \\caption{R$^2$ of two\\_models. Mean $\\pm$ half-width. 50 \\% of "all".}
      \\label{tab:toy}
      \\small
      \\begin{adjustbox}{max width=\\textwidth}
      \\begin{tabular}{lrrrr}
      \\toprule
       & \\multicolumn{2}{c}{random} &  &  \\\\
      \\cmidrule(lr){2-3}
      model & train & test & loss & n \\\\
      \\midrule
      a\\_1 & $\\mathbf{0.999} \\pm 0.000$ & $-0.250 \\pm 0.500$ & $\\mathbf{0.100} \\pm \\mathrm{n/a}$ & 3, 1 \\\\
      b, "quoted" & $\\mathbf{0.999} \\pm 0.000$ & missing & $0.200 \\pm 0.010$ & 3 \\\\
      \\addlinespace
      oracle & $1.000$ & $0.813$ & $0.000$ &  \\\\
      \\bottomrule
      \\end{tabular}
      \\end{adjustbox}
      \\end{table}
      "
    `);
  });

  it('keeps sections apart', () => {
    const rows = table.rows.map((row, index) => ({ ...row, section: index === 0 ? 'first' : 'second' }));
    const sections = { ...table, rows };
    expect(renderers.txt(sections)).toContain('\n\nsecond:\nb, "quoted"');
    expect(renderers.md(sections)).toContain('| *second* |  |  |  |  |\n');
    expect(renderers.csv(sections)).toContain('\nsecond,"b, ""quoted"""');
    expect(renderers.tex(sections)).toContain('\\midrule\n\\multicolumn{5}{l}{\\emph{second}} \\\\\n');
  });
});

describe('the best of a column', () => {
  const mark = (means: readonly number[], best: 'highest' | 'lowest') =>
    markBest({
      ...table,
      columns: [{ label: 'value', best }],
      rows: means.map((mean) => ({
        header: ['a'],
        section: '',
        ranked: true,
        cells: [estimate(mean, 0, 2)],
      })),
    }).rows.map(({ cells: [cell] }) => cell?.kind === 'estimate' && cell.best === true);

  it('is marked with what prints alike', () => {
    expect(mark([0.50001, 0.49999, 0.4], 'highest')).toEqual([true, true, false]);
    expect(mark([0.5, 0.3, 0.4], 'lowest')).toEqual([false, true, false]);
  });

  it('is not marked where there is nothing to compare', () => {
    expect(mark([0.5], 'highest')).toEqual([false]);
  });

  it('is never below another one', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2 }), (means) => {
        const marks = mark(means, 'highest');
        expect(marks[means.indexOf(Math.max(...means))]).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

it.each([
  [0.1234, '0.123'],
  [-0.1236, '−0.124'],
  [-0.0004, '0.000'],
  [12, '12.000'],
])('prints %d as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it('escapes every special sign of LaTeX', () => {
  expect(escapeLatex('% & _ # $ { } ~ ^ \\')).toBe(
    '\\% \\& \\_ \\# \\$ \\{ \\} \\textasciitilde{} \\textasciicircum{} \\textbackslash{}',
  );
  expect(escapeLatex('R² ± 1 − 2')).toBe('R$^2$ $\\pm$ 1 $-$ 2');
});
