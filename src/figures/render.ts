import { join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../core/files/files.js';
import type { Figure } from './figure.js';
import { configureFonts } from './font.js';
import { loadTextMeasure } from './font-metrics.js';
import { paperWidth } from './theme.js';

export const dotsPerInch = 300;

/** Draws a figure as SVG, exactly as wide as a paper's text; equal figures give equal bytes. */
export async function renderSvg(figure: Figure): Promise<string> {
  const draw = await loadVega();
  let panelWidth = (paperWidth - 40) / figure.panels - 10;
  let svg = '';
  // Axes and legends take a width that is known only once they are drawn: draw, correct, draw again.
  for (let round = 0; round < 3; round += 1) {
    svg = await draw(figure, panelWidth);
    const excess = sizeOf(svg).width - paperWidth;
    if (excess === 0) break;
    panelWidth = Math.max(20, panelWidth - excess / figure.panels);
  }
  return setSize(svg);
}

/** An SVG in points as PNG with 300 dots per inch. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const sharp = await loadSharp();
  // Given a size in points, the library inside sharp would apply the density twice.
  const plain = svg.replace(/ width="([\d.]+)pt" height="([\d.]+)pt"/, ' width="$1" height="$2"');
  const image = sharp(Buffer.from(plain), { density: dotsPerInch }).flatten({ background: 'white' });
  return image.withMetadata({ density: dotsPerInch }).png({ compressionLevel: 9 }).toBuffer();
}

/** Writes `<name>.svg` and `<name>.png` to a folder; returns both paths. */
export async function writeFigure(folder: string, name: string, svg: string): Promise<string[]> {
  makeFolder(folder);
  const [vector, raster] = [join(folder, `${name}.svg`), join(folder, `${name}.png`)];
  writeFileAtomic(vector, svg);
  writeFileAtomic(raster, await renderPng(svg));
  return [vector, raster];
}

/** sharp, told about our fonts before it is loaded. */
export async function loadSharp() {
  configureFonts();
  return (await import('sharp')).default;
}

async function loadVega(): Promise<(figure: Figure, panelWidth: number) => Promise<string>> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const measure = loadTextMeasure();
  // Vega leaves this hook open for measuring without a canvas; its types do not know it.
  const { textMetrics } = vega as unknown as {
    textMetrics: { width: (item: TextItem, text: unknown) => number };
  };
  textMetrics.width = ({ fontSize, fontWeight }, text) => {
    const bold = fontWeight === 'bold' || Number(fontWeight) >= 600;
    return measure(String(text ?? ''), fontSize ?? 11, bold);
  };
  return async (figure, panelWidth) => {
    // Both libraries number what they name, over the whole process: start again for every figure.
    vega.resetSVGDefIds();
    vegaLite.resetIdCounter();
    const { spec } = vegaLite.compile(figure.specify(panelWidth));
    const view = new vega.View(vega.parse(spec), { renderer: 'none' });
    const svg = await view.toSVG();
    view.finalize();
    return svg;
  };
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

function sizeOf(svg: string): { width: number; height: number } {
  const match = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg);
  if (match === null) throw new Error('the drawn figure has no size');
  return { width: Number(match[1]), height: Number(match[2]) };
}

/**
 * States the size in points, so that paper programs and browsers show it at its true size. A drawing that
 * could not be made narrow enough is scaled down rather than cut.
 */
function setSize(svg: string): string {
  const { width, height } = sizeOf(svg);
  const shown = Math.round((height * paperWidth * 100) / width) / 100;
  const head = ` width="${paperWidth}pt" height="${shown}pt" viewBox="0 0 ${width} ${height}"`;
  return svg.replace(/ width="[\d.]+" height="[\d.]+" viewBox="[^"]*"/, head);
}
