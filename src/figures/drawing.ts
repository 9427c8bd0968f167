import { escapeXml } from './font.js';
import { fontFamily, loadTextMeasure } from './font-metrics.js';
import { loadSharp } from './render.js';
import { paperWidth } from './theme.js';

/** One image: rows of pixels from the top, `channels` bytes each. */
export interface ImageSample {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** `height * width * channels` bytes, 0 to 255. */
  readonly pixels: Uint8Array;
}

/** An SVG of paper width around what is drawn, `height` points high. */
export function frameSvg(height: number, parts: readonly string[]): string {
  const rounded = round(height);
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${paperWidth}pt" height="${rounded}pt" viewBox="0 0 ${paperWidth} ${rounded}"><rect width="${paperWidth}" height="${rounded}" fill="white"/><g font-family="${fontFamily}">${parts.join('')}</g></svg>\n`;
}

export interface TextLook {
  readonly size: number;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly color?: string;
  /** Degrees, about the text's own place. */
  readonly turn?: number;
}

export function drawText(
  text: string,
  x: number,
  y: number,
  { size, bold = false, anchor = 'start', color, turn }: TextLook,
): string {
  const place = `x="${round(x)}" y="${round(y)}" font-size="${size}"`;
  const weight = bold ? ' font-weight="bold"' : '';
  const align = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  const fill = color === undefined ? '' : ` fill="${color}"`;
  const turned = turn === undefined ? '' : ` transform="rotate(${turn} ${round(x)} ${round(y)})"`;
  return `<text ${place}${weight}${align}${fill}${turned}>${escapeXml(text)}</text>`;
}

/** An image in an SVG; every pixel `enlargement` times, so that no viewer blurs it. */
export async function drawImage(
  image: ImageSample,
  place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  enlargement = 3,
): Promise<string> {
  const { x, y, width, height } = place;
  const where = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
  return `<image ${where} preserveAspectRatio="none" xlink:href="data:image/png;base64,${await encodePng(image, enlargement)}"/>`;
}

async function encodePng(
  { width, height, channels, pixels }: ImageSample,
  enlargement: number,
): Promise<string> {
  const sharp = await loadSharp();
  const image = sharp(pixels, { raw: { width, height, channels } });
  const large = image.resize(width * enlargement, height * enlargement, { kernel: 'nearest' });
  const bytes = await large.png({ compressionLevel: 9, palette: false }).toBuffer();
  return bytes.toString('base64');
}

/** Breaks at blanks; a word wider than the column stands on a line of its own. */
export function wrapText(text: string, width: number, size: number): string[] {
  const measure = loadTextMeasure();
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`, size) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
