import { byId, element } from '../../browser/dom.js';
import type { PageData, PageWay } from '../page-data.js';
import { nameWay } from './view.js';

const sliders = { 'two heads': 'two-heads', regularised: 'regularised' } as const;
type Method = PageWay['method'];

export interface Controls {
  /** Shows a choice that was made elsewhere. */
  set(way: PageWay): void;
}

/** Sets up a slider for each method, of which one is chosen, and the seeds. */
export function setUpControls(data: PageData, choose: (way: PageWay, at: number) => void): Controls {
  const methods = (Object.keys(sliders) as Method[]).filter((method) =>
    data.ways.some((way) => way.method === method),
  );
  const waysOf = (method: Method) => data.ways.filter((way) => way.method === method);
  const sliderOf = (method: Method) => byId<HTMLInputElement>(sliders[method]);
  const radios = [...document.querySelectorAll<HTMLInputElement>('#controls input[name=method]')];
  const seed = byId<HTMLSelectElement>('seed');
  seed.append(...data.seeds.map((each, at) => element('option', { value: String(at) }, each.seed)));
  let chosen: Method = methods[0]!;

  const current = () => waysOf(chosen)[Number(sliderOf(chosen).value)]!;
  const refresh = () => {
    for (const radio of radios) {
      radio.checked = radio.value === chosen;
      radio.closest('.choice')!.classList.toggle('idle', radio.value !== chosen);
    }
    for (const method of methods) {
      const way = waysOf(method)[Number(sliderOf(method).value)]!;
      byId(`${sliders[method]}-value`).textContent = way.setting;
      sliderOf(method).setAttribute('aria-valuetext', nameWay(way));
    }
  };
  const take = (method: Method) => {
    chosen = method;
    refresh();
    choose(current(), Number(seed.value));
  };
  for (const [method, id] of Object.entries(sliders) as [Method, string][]) {
    const ways = waysOf(method);
    if (ways.length === 0) byId(id).closest<HTMLElement>('.choice')!.hidden = true;
    const slider = sliderOf(method);
    slider.max = String(Math.max(0, ways.length - 1));
    slider.value = String(usual(ways));
    slider.addEventListener('input', () => take(method));
  }
  for (const radio of radios) radio.addEventListener('change', () => take(radio.value as Method));
  seed.addEventListener('change', () => choose(current(), Number(seed.value)));
  byId('controls').addEventListener('submit', (event) => event.preventDefault());
  take(chosen);
  return {
    set(way) {
      sliderOf(way.method).value = String(waysOf(way.method).indexOf(way));
      take(way.method);
    },
  };
}

/** The slack next to 0.05, the strength next to 10: what the usual tables show. */
function usual(ways: readonly PageWay[]): number {
  const goal = ways[0]?.method === 'two heads' ? 0.05 : 10;
  const distances = ways.map(({ value }) => Math.abs(value - goal));
  return distances.indexOf(Math.min(...distances));
}
