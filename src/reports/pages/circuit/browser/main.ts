// The program of a circuit's page. It is bundled into the page; nothing is fetched.

import { byId, element } from '../../browser/dom.js';
import { type PageData, rankModules } from '../page-data.js';
import { showModule } from './details.js';
import { drawGraph } from './graph.js';
import { setUpSlider } from './slider.js';

const data = JSON.parse(byId('data').textContent ?? '') as PageData;
const rank = rankModules(data.modules);
/** What stays shown when the pointer leaves. */
let chosen: number | undefined;

function show(module: number | undefined): void {
  graph.mark(module);
  showModule(data, module, choose);
}

function choose(module: number | undefined): void {
  chosen = module;
  picker.value = module === undefined ? '' : String(module);
  show(module);
}

/** Arrows go through the modules by degree, as pruning does. */
function goTo(module: number, key: string): boolean {
  const at = rank.indexOf(module);
  const last = rank.length - 1;
  const places: Readonly<Record<string, number>> = {
    ArrowRight: Math.min(last, at + 1),
    ArrowDown: Math.min(last, at + 1),
    ArrowLeft: Math.max(0, at - 1),
    ArrowUp: Math.max(0, at - 1),
    Home: 0,
    End: last,
  };
  if (key === 'Escape') {
    choose(undefined);
    return true;
  }
  const place = places[key];
  if (place === undefined) return false;
  graph.focus(rank[place]!);
  return true;
}

const picker = byId<HTMLSelectElement>('module');
picker.append(
  element('option', { value: '' }, 'none'),
  ...rank.map((module) => {
    const { degree } = data.modules[module]!;
    const words = degree === null ? `module ${module}` : `module ${module}, degree ${degree.toFixed(2)}`;
    return element('option', { value: String(module) }, words);
  }),
);
picker.addEventListener('change', () => choose(picker.value === '' ? undefined : Number(picker.value)));
const graph = drawGraph(data, {
  look: (module) => show(module ?? chosen),
  choose,
  key: goTo,
});
setUpSlider(data, (kept) => graph.keep(kept));
choose(undefined);
