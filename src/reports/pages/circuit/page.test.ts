import { beforeAll, describe, expect, it } from 'vitest';
import { makeFacts, makePruningRows } from '../../../evaluation/testing/synthetic-circuits.js';
import { findBrowser, visitPage } from '../testing/visit.js';
import { collectPageData } from './collect.js';
import { writePage } from './page.js';
import { rankModules } from './page-data.js';

const facts = makeFacts(10);
const pruning = { schema: 1, run: facts.run, labels: {}, rows: makePruningRows(0), request: {} } as const;
const record = {
  schema: 1,
  run: facts.run,
  labels: { dataset: 'sprites', split: 'statement', seed: '0' },
  rows: [{ set: 'iid', metric: 'accuracy', group: {}, value: 0.8, n: 9 }],
} as const;
const data = collectPageData({ study: 'toy', plan: 'toy@1', facts, record, pruning });
let page = '';
beforeAll(async () => {
  page = await writePage(data);
});

describe('the data of a circuit’s page', () => {
  it('have every module, and accuracy at the sizes that were measured', () => {
    expect(data.modules).toHaveLength(10);
    expect(data.pruning!.sets).toEqual(['validation', 'mix']);
    expect(data.pruning!.levels.map(({ kept }) => kept)).toEqual([10, 5, 2]);
    const [whole, half] = data.pruning!.levels;
    expect(whole!.degree).toEqual(whole!.random);
    expect(half!.degree[0]).toBeGreaterThan(half!.random[0]!);
    expect(data.facts.find(([name]) => name === 'accuracy')?.[1]).toBe('iid 0.800');
    expect(rankModules(data.modules)[0]).toBe(0);
  });

  it('say what to type where nothing was measured, and that all hear all where nothing links', () => {
    const bare = collectPageData({
      study: 'toy',
      plan: 'toy@1',
      facts: makeFacts(4, false),
      record: undefined,
      pruning: undefined,
    });
    expect(bare.pruning).toBeNull();
    expect(bare.command).toContain('prune toy@1');
    expect(bare.facts.find(([name]) => name === 'links')?.[1]).toBe('every module hears all others');
    expect(bare.modules[0]).toMatchObject({ degree: null, community: null, signature: null });
  });
});

type Sight = Readonly<Record<string, unknown>>;
type Visit = {
  readonly [step in 'start' | 'pointed' | 'left' | 'home' | 'next' | 'escaped' | 'pruned' | 'picked']: Sight;
};

describe('the page of a circuit', () => {
  it('is one file that asks for no other', () => {
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\bsrc=|@import|url\(/);
    expect(page).toContain("default-src 'none'");
    const json = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1];
    expect(JSON.parse(json ?? '')).toEqual(data);
    expect(json).not.toContain('<');
  });

  const browser = findBrowser();
  it.skipIf(browser === undefined)('works by pointer and by keyboard in a browser', () => {
    const found = visitPage<Visit>(browser!, page, steps);
    expect(found.errors).toEqual([]);
    expect(found.start).toMatchObject({ title: 'No module chosen', modules: 10, maps: 3, gone: 0 });
    expect(found.pointed).toMatchObject({ title: 'Module 3', marked: '3' });
    expect(found.left.title).toBe('No module chosen');
    // Home is the module with the most links, the right arrow the next one.
    const [first, second] = rankModules(data.modules);
    expect([found.home.title, found.next.title]).toEqual([`Module ${first}`, `Module ${second}`]);
    expect(found.escaped.title).toBe('No module chosen');
    expect(found.pruned).toMatchObject({ gone: 8, size: expect.stringContaining('2 of 10 modules (20 %)') });
    expect(found.pruned.accuracy).toBe(data.pruning!.levels[2]!.degree[0]!.toFixed(3));
    expect(found.picked.title).toBe('Module 4');
  });
});

const steps = `
const all = (selector) => [...document.querySelectorAll(selector)];
const look = () => ({
  title: document.querySelector('#details h2').textContent,
  modules: all('.module').length,
  maps: all('#maps canvas').length,
  gone: all('.module.gone').length,
  marked: document.querySelector('.module.marked text')?.textContent,
  size: document.getElementById('size').textContent,
  accuracy: document.querySelectorAll('#accuracies td')[1].textContent,
});
const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
found.start = look();
const third = all('.module').find((node) => node.textContent === '3');
third.dispatchEvent(new PointerEvent('pointerenter'));
found.pointed = look();
third.dispatchEvent(new PointerEvent('pointerleave'));
found.left = look();
third.focus();
press('Home');
found.home = look();
press('ArrowRight');
found.next = look();
press('Escape');
found.escaped = look();
const slider = document.getElementById('slider');
slider.value = '2';
slider.dispatchEvent(new Event('input'));
found.pruned = look();
const picker = document.getElementById('module');
picker.value = '4';
picker.dispatchEvent(new Event('change'));
found.picked = look();`;
