import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { formatError } from '../core/errors.js';
import { projectRoot } from '../core/files/paths.js';
import { chooseNames, readReportChoice } from './report-choice.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-choice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const all = {
  tables: [
    'selected-runs',
    'selection-sensitivity',
    'algorithm-ranks',
    'r2-by-split',
    'r2-by-factor',
    'r2-by-sub-split',
    'r2-by-set',
    'accuracy-by-set',
    'accuracy-by-factor',
    'paired-differences',
    'accuracy-when-pruned',
    'speed-when-pruned',
    'accuracy-under-attack',
    'awareness',
    'corruption-errors',
    'ood-detection',
    'shift',
    'generalisation-measures',
  ],
  figures: [
    'r2-by-split',
    'predicted-against-true',
    'learning-curves',
    'images-per-split',
    'accuracy-by-set',
    'accuracy-by-shots',
    'corruption-curves',
    'critical-difference',
    'link-probabilities',
    'circuit-graph',
    'degree-distribution',
    'hub-attention',
    'pruning-curves',
    'page',
  ],
};

function read(text: string) {
  const file = join(folder, 'figures.yaml');
  writeFileSync(file, text);
  return readReportChoice(file, 'figures.yaml');
}

function messageOf(work: () => unknown): string {
  try {
    return `no error: ${JSON.stringify(work())}`;
  } catch (error) {
    return formatError(error);
  }
}

it('reads names in their order, and all of them where nothing is said', () => {
  expect(read('tables: [r2-by-factor, r2-by-split]\nfigures: []\n')).toEqual({
    tables: ['r2-by-factor', 'r2-by-split'],
    figures: [],
  });
  expect(read('tables: []\n')).toEqual({ ...all, tables: [] });
  expect(readReportChoice(join(folder, 'none.yaml'))).toEqual(all);
  expect(readReportChoice(join(projectRoot(), 'experiments/held-out-dsprites/figures.yaml'))).toEqual({
    tables: ['r2-by-split', 'r2-by-factor', 'r2-by-sub-split'],
    figures: ['r2-by-split', 'predicted-against-true', 'learning-curves', 'images-per-split'],
  });
});

it('says where a name is wrong, and the nearest one', () => {
  const message = messageOf(() => read('tables: [r2-by-split]\nfigures:\n  - learning-curve\nfigurs: []\n'));
  expect(message).toContain("figures.yaml:3:5: there is no figure 'learning-curve'");
  expect(message).toContain("did you mean 'learning-curves'");
  expect(message).toMatch(/figures\.yaml:4:\d+: there is no key 'figurs'\n {2}→ did you mean 'figures'/);
  expect(messageOf(() => read('tables: all\n'))).toContain('write a list of names');
});

it('takes names from the command line', () => {
  expect(chooseNames('tables', ['r2-by-factor'])).toEqual(['r2-by-factor']);
  expect(messageOf(() => chooseNames('figures', ['r2-by-splt']))).toContain(
    "command line: there is no figure 'r2-by-splt'\n  → did you mean 'r2-by-split'?",
  );
});
