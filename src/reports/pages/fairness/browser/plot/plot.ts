import { byId, element, shape } from '../../../browser/dom.js';
import type { PageData, PageWay } from '../../page-data.js';
import { listPoints, showStanding } from '../standing.js';
import type { View } from '../view.js';
import { drawMark } from './marks.js';
import { drawPlot } from './plot-drawing.js';

export interface Plot {
  draw(view: View): void;
}

/** The trade-off of all methods; a setting of two heads or of a regulariser can be chosen in it. */
export function setUpPlot(data: PageData, choose: (way: PageWay) => void): Plot {
  const hidden = new Set<string>();
  const closeUp = element('input', { type: 'checkbox', id: 'close-up' });
  let last: View | undefined;
  const redraw = () => {
    if (last !== undefined) drawPlot(last, { hidden, closeUp: closeUp.checked }, choose);
  };
  closeUp.addEventListener('change', redraw);
  const boxes = data.methods.map(({ name }, at) => {
    const box = element('input', { type: 'checkbox' });
    box.checked = true;
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(name);
      else hidden.add(name);
      redraw();
    });
    const icon = shape('svg', { viewBox: '-8 -8 16 16', 'aria-hidden': 'true' }, drawMark(at, 0, 0, 5.5));
    return element('label', {}, box, icon, name);
  });
  byId('legend').append(
    ...boxes,
    element('label', { class: 'apart' }, closeUp, 'close-up of what is chosen'),
  );
  listPoints(data);
  return {
    draw(view) {
      last = view;
      redraw();
      showStanding(view);
    },
  };
}
