import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../sweeps/plan.js';
import { writeStudyFigures } from '../../figures/study-figures.js';
import { readStudyRecords } from '../../records/study-records.js';
import { writeFairnessStudy } from '../../testing/fairness-study.js';
import { findBrowser, visitPage } from '../testing/visit.js';
import { flagOf, type PageData, type PageDecisions, thousandth } from './page-data.js';

const results = mkdtempSync(join(tmpdir(), 'heldout-fair-page-'));
afterAll(() => rmSync(results, { recursive: true, force: true }));

// Whatever could end a text, an attribute or a script where it stands.
const names = {
  target: 'paid </script><b>',
  levels: ['no "&"', '<i>yes</i>'],
  protected: "o'group",
  groups: ['A<B', '"C" & D'],
} as const;
const write = (plan: Plan, changes: Partial<Parameters<typeof writeStudyFigures>[0]> = {}) =>
  writeStudyFigures({
    plan,
    resultsFolder: results,
    study: readStudyRecords(plan, results),
    names: ['page'],
    whole: false,
    build: 'test',
    splitImages: async () => [],
    ...changes,
  });

let plan: Plan;
let page = '';
let data: PageData;
beforeAll(async () => {
  plan = await writeFairnessStudy(results, names, [1, 2, 3]);
  const { files } = await write(plan);
  expect(files).toEqual([join(results, 'figures', 'toy-fairness', 'page.html')]);
  page = readFileSync(files[0]!, 'utf8');
  data = JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1]!);
});

const find = (method: string, setting: string) =>
  data.ways.find((way) => way.method === method && way.setting === setting)!;
const first = (method: string, setting: string): PageDecisions => find(method, setting).seeds[0]!;

describe('the data of a fairness study’s page', () => {
  it('count the groups of every seed, and keep to slacks on validation', () => {
    expect(data.title).toBe('Toy <study>');
    expect(data.seeds.map(({ seed }) => seed)).toEqual(['1', '2', '3']);
    const { test } = data.seeds[0]!;
    expect(test[0].people + test[1].people).toBe(400);
    for (const { method, value, seeds } of data.ways) {
      if (method !== 'two heads') continue;
      for (const seed of seeds) expect(Math.abs(seed!.validation.ddp)).toBeLessThanOrEqual(value + 1e-5);
    }
    const { shares, seeds } = find('two heads', '|DDP| ≤ 0.05');
    const own = seeds.map((seed) => seed!.groups[1].rejected / seed!.groups[1].people);
    expect(shares[1].rejected[0]).toBeCloseTo(own.reduce((sum, share) => sum + share, 0) / 3, 4);
  });

  it('give the rule in the head’s own output, with the thresholds that it means', () => {
    const { b, c, means, thresholds } = first('two heads', '|DDP| ≤ 0.05').rule!;
    expect(b).toBeLessThan(0);
    expect(means[0]).toBeLessThan(0.1);
    expect(means[1]).toBeGreaterThan(0.9);
    for (const group of [0, 1] as const) expect(thresholds[group]).toBeCloseTo(-(b * means[group] + c), 3);
    expect((thresholds[0] - thresholds[1]) / (means[1] - means[0])).toBeCloseTo(b, 2);
    expect(first('regularised', 'λ = 10').rule!.agreement).toBeGreaterThan(0.9);
  });

  it('list the people whose decision changes, with scores that say so', () => {
    const { flips, groups } = first('two heads', '|DDP| ≤ 0.01');
    const changed = groups.reduce((sum, { rejected, accepted }) => sum + rejected + accepted, 0);
    expect([flips.total, flips.ids.length]).toEqual([changed, changed]);
    for (const [at, flag] of flips.flags.entries()) {
      const now = (flag & flagOf.positive) !== 0;
      expect(flips.f[at]! > 0, 'before').toBe(!now);
      expect(flips.score[at]! >= 0, 'now').toBe(now);
    }
    const { b, c } = first('two heads', '|DDP| ≤ 0.01').rule!;
    const sum = (flips.f[0]! + b * flips.g[0]!) / thousandth + c;
    expect(sum).toBeCloseTo(flips.score[0]! / thousandth, 2);
  });
});

describe('the page of a fairness study', () => {
  it('is one small file that asks for no other, whatever things are called', () => {
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|\bsrc=|@import|url\(["']?h/,
    );
    expect(page).toContain("default-src 'none'");
    expect(page.length).toBeLessThan(1e6);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toContain('<i>yes');
    expect(page).toContain('&lt;i&gt;yes&lt;/i&gt;');
    expect(data).toMatchObject({ target: names.target, levels: names.levels, groups: names.groups });
  });

  const browser = findBrowser();
  it.skipIf(browser === undefined)('shows in a browser what is chosen', () => {
    const found = visitPage<Readonly<Record<string, Sight>>>(browser!, page, steps);
    expect(found.errors).toEqual([]);
    const { start, fairest, regularised, otherSeed, filtered, sorted, more, picked, nearer } = found;
    expect(start).toMatchObject({ setting: '|DDP| ≤ 0.05', sizes: 4, seeds: 3, markup: 0 });
    expect(start!.summary).toContain(
      `accuracy ${first('two heads', '|DDP| ≤ 0.05').test.accuracy.toFixed(3)}`,
    );
    expect(start!.counts).toContain(String(data.seeds[0]!.test[0].people));
    const { b } = first('two heads', '|DDP| ≤ 0.05').rule!;
    expect(start!.formula).toContain(`f − ${Math.abs(b).toFixed(2)}·g`);
    expect(fairest!.summary).not.toBe(start!.summary);
    expect(fairest!.formula).not.toBe(start!.formula);
    expect(regularised).toMatchObject({ setting: 'λ = 10', chosen: 'regularised' });
    expect(regularised!.rule).toContain('has no second head');
    expect(otherSeed!.summary).toContain('seed 2');
    expect(otherSeed!.sizesNote).toContain('Of seed 2');
    expect(new Set(filtered!.groups)).toEqual(new Set([names.groups[1]]));
    const scores = sorted!.scores.map((text) => Number(text.replace('−', '-')));
    expect(scores).toEqual([...scores].sort((p, q) => p - q));
    expect(more!.rows).toBeGreaterThan(25);
    expect(picked!.setting).toMatch(/^\|DDP\|/);
    expect(nearer!.ticks).not.toEqual(picked!.ticks);
  });
});

it('says why there is no page, to who asks for it', async () => {
  const study = readStudyRecords(plan, results, ({ labels }) => labels.model === 'none');
  const bare = { ...study, records: readStudyRecords(plan, results).records };
  await expect(write(plan, { study: bare })).rejects.toThrow(/there is no page/);
  expect(await write(plan, { study: bare, whole: true })).toMatchObject({ files: [] });
});

it('goes when the study has it no longer', async () => {
  const { files } = await write(plan, { whole: true });
  expect(files.map((file) => existsSync(file))).toEqual([true]);
  await write(plan, { whole: true, names: [] });
  expect(existsSync(files[0]!)).toBe(false);
});

interface Sight {
  readonly summary: string;
  readonly setting: string;
  readonly chosen: string;
  readonly formula: string;
  readonly rule: string;
  readonly counts: string;
  readonly sizes: number;
  readonly sizesNote: string;
  readonly seeds: number;
  /** Elements that a name would have made, had it not been escaped. */
  readonly markup: number;
  readonly rows: number;
  readonly groups: readonly string[];
  readonly scores: readonly string[];
  readonly ticks: readonly string[];
}

const steps = `
const byId = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const look = () => ({
  summary: byId('summary').textContent,
  chosen: document.querySelector('#controls input:checked').value,
  setting: document.querySelector('#controls .choice:has(input:checked) output').textContent,
  formula: document.querySelector('.formula').textContent,
  rule: byId('rule').textContent,
  counts: byId('counts').textContent,
  sizes: all('#sizes tbody tr').length,
  sizesNote: byId('sizes-note').textContent,
  seeds: all('#plot .seed').length,
  markup: all('body i').length,
  rows: all('#list tbody tr').length,
  groups: all('#list tbody td:nth-child(2)').map((cell) => cell.textContent),
  scores: all('#list tbody td:nth-child(8)').map((cell) => cell.textContent),
  ticks: all('#plot text').map((text) => text.textContent),
});
const set = (id, value, event) => {
  byId(id).value = value;
  byId(id).dispatchEvent(new Event(event));
};
found.start = look();
set('two-heads', '0', 'input');
found.fairest = look();
byId('more').querySelector('button')?.click();
found.more = look();
set('filter-group', '1', 'change');
found.filtered = look();
byId('list').querySelectorAll('button')[7].click();
found.sorted = look();
document.querySelector('#controls input[value=regularised]').click();
found.regularised = look();
set('seed', '1', 'change');
found.otherSeed = look();
document.querySelector('#plot .m2.open').dispatchEvent(new MouseEvent('click'));
found.picked = look();
byId('close-up').click();
found.nearer = look();`;
