// The program of a fairness study's page. It is bundled into the page; nothing is fetched.
import { byId } from '../../browser/dom.js';
import type { PageData, PageWay } from '../page-data.js';
import { setUpControls } from './controls.js';
import { showCounts } from './counts.js';
import { showMatched } from './matched.js';
import { formatNumber } from './numbers.js';
import { setUpPeople } from './people.js';
import { setUpPlot } from './plot/plot.js';
import { showRule } from './rule.js';
import { showSizes } from './sizes.js';
import { nameWay, type View } from './view.js';

const data = JSON.parse(byId('data').textContent ?? '') as PageData;
const plot = setUpPlot(data, (way) => controls.set(way));
const people = setUpPeople();
const controls = setUpControls(data, show);

function show(way: PageWay, at: number): void {
  const view: View = { data, way, at, decided: way.seeds[at] ?? null };
  showSizes(view);
  byId('summary').textContent = summarize(view);
  plot.draw(view);
  showRule(view);
  showCounts(view);
  people.draw(view);
  showMatched(view);
}

function summarize({ way, at, decided }: View): string {
  const name = `${nameWay(way)}, seed ${data.seeds[at]!.seed}`;
  if (decided === null) return `${name}: nothing keeps to it on validation.`;
  const { accuracy, ddp } = decided.test;
  return `${name}: at test accuracy ${formatNumber(accuracy)}, DDP ${formatNumber(ddp)}, ${decided.flips.total} of ${decided.groups[0].people + decided.groups[1].people} decisions changed.`;
}
