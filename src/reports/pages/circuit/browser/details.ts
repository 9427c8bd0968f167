import { byId, decode, element } from '../../browser/dom.js';
import type { PageData, PageImage } from '../page-data.js';

/** Shows a module: its numbers, its nearest modules, and where it looks. Undefined: the images alone. */
export function showModule(
  data: PageData,
  module: number | undefined,
  choose: (module: number) => void,
): void {
  const details = byId('details');
  if (module === undefined) {
    details.replaceChildren(
      element('h2', {}, 'No module chosen'),
      element('p', {}, 'Point at a module, or choose one with the keyboard: Tab, then the arrow keys.'),
    );
  } else {
    const { degree, community, signature, code } = data.modules[module]!;
    const links = data.edges.flatMap(([a, b]) => (a === module ? [b] : b === module ? [a] : []));
    const numbers =
      degree === null
        ? 'hears all others'
        : `degree ${degree.toFixed(2)}, ${links.length} links, community ${(community ?? 0) + 1}`;
    details.replaceChildren(
      element('h2', {}, `Module ${module}`),
      element('p', {}, numbers),
      listNearest('Nearest by signature', signature, choose),
      listNearest('Nearest by code', code, choose),
    );
  }
  byId('maps').replaceChildren(...data.images.map((image) => drawMap(image, data.grid, module)));
}

function listNearest(
  title: string,
  near: readonly number[] | null,
  choose: (module: number) => void,
): HTMLElement {
  if (near === null) return element('p', {}, `${title}: it has no signature`);
  const buttons = near.map((other) => {
    const button = element('button', { type: 'button' }, String(other));
    button.addEventListener('click', () => choose(other));
    return button;
  });
  return element('p', { class: 'near' }, `${title}: `, ...buttons);
}

/** The image, tinted where the module looks. */
function drawMap(
  image: PageImage,
  [rows, columns]: PageData['grid'],
  module: number | undefined,
): HTMLElement {
  const { width, height, channels, label } = image;
  const canvas = element('canvas', { width: String(width), height: String(height), role: 'img' });
  const pixels = decode(image.pixels);
  const tokens = rows * columns;
  const attention = module === undefined ? undefined : decode(image.attention).subarray(module * tokens);
  const out = new ImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    const color = [0, 1, 2].map((channel) => pixels[at * channels + (channels === 3 ? channel : 0)]!);
    const grey = 110 + 0.55 * (0.3 * color[0]! + 0.59 * color[1]! + 0.11 * color[2]!);
    const [x, y] = [at % width, Math.floor(at / width)];
    const token = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
    const share = attention === undefined ? 0 : (0.8 * attention[token]!) / 255;
    const shown = attention === undefined ? color : [213, 94, 0].map((warm) => grey + share * (warm - grey));
    out.data.set([...shown, 255], 4 * at);
  }
  canvas.getContext('2d')?.putImageData(out, 0, 0);
  const peak = module === undefined ? '' : `peak ${(100 * image.peaks[module]!).toFixed(0)} %`;
  canvas.setAttribute(
    'aria-label',
    module === undefined ? label : `where module ${module} looks: ${label}; ${peak}`,
  );
  return element('figure', { title: label }, canvas, element('figcaption', {}, peak || label));
}
