import { byId, element } from '../../browser/dom.js';
import { type PageData, type PageLevel, rankModules } from '../page-data.js';

/** Sets up the slider: each of its steps is a size that was measured. Calls `keep` with the modules that stay. */
export function setUpSlider(data: PageData, keep: (kept: ReadonlySet<number>) => void): void {
  const { pruning, modules, command } = data;
  const section = byId('pruning');
  if (pruning === null || pruning.levels.length < 2) {
    section.replaceChildren(
      element('p', {}, 'Nothing was measured with fewer modules. Type '),
      element('code', {}, command),
    );
    return;
  }
  const { levels, sets } = pruning;
  const slider = byId<HTMLInputElement>('slider');
  const rank = rankModules(modules);
  const hasDegrees = modules.every(({ degree }) => degree !== null);
  slider.max = String(levels.length - 1);
  const whole = levels[0]!;
  byId('order').textContent = hasDegrees
    ? 'by degree'
    : 'drawn at random, since every module hears all others';
  byId('measured').textContent = `Measured on up to ${pruning.examples} images of each set.`;
  const show = () => {
    const level = levels[Number(slider.value)]!;
    const words = describeLevel(level, whole);
    byId('size').textContent = words;
    slider.setAttribute('aria-valuetext', words);
    const rows = sets.map((set, at) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, set.replaceAll('_', ' ')),
        ...[whole.degree[at] ?? whole.random[at], level.degree[at], level.random[at]].map((value) =>
          element('td', {}, value == null ? '' : value.toFixed(3)),
        ),
      ),
    );
    byId('accuracies').replaceChildren(...rows);
    keep(new Set(hasDegrees ? rank.slice(0, level.kept) : rank));
  };
  slider.addEventListener('input', show);
  show();
}

function describeLevel({ kept, speed }: PageLevel, whole: PageLevel): string {
  const share = `${kept} of ${whole.kept} modules (${Math.round((100 * kept) / whole.kept)} %)`;
  if (speed === null || whole.speed === null) return share;
  const times = kept === whole.kept ? '' : ` (${(speed / whole.speed).toFixed(2)} times as many)`;
  return `${share}, ${Math.round(speed)} images per second${times}`;
}
