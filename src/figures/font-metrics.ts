import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The family that comes with the packages, then what a reader without it is likely to have. */
export const fontFamily = 'DejaVu Sans, Verdana, sans-serif';

/** Folder of the font files in the package dejavu-fonts-ttf. */
export function fontFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
}

/** Width of a text in the unit of `size` (points). Kerning is left out: it only makes text narrower. */
export type MeasureText = (text: string, size: number, bold?: boolean) => number;

let measure: MeasureText | undefined;

/** Widths from the font files themselves: without a browser nothing else knows how wide a label is. */
export function loadTextMeasure(): MeasureText {
  if (measure !== undefined) return measure;
  const regular = readAdvances(join(fontFolder(), 'DejaVuSans.ttf'));
  const heavy = readAdvances(join(fontFolder(), 'DejaVuSans-Bold.ttf'));
  measure = (text, size, bold = false) => {
    const advance = bold ? heavy : regular;
    let width = 0;
    for (const sign of text) width += advance(sign.codePointAt(0)!);
    return width * size;
  };
  return measure;
}

/** Advance width per code point, in ems (OpenType tables head, hhea, hmtx, and cmap format 4). */
function readAdvances(path: string): (codePoint: number) => number {
  const file = readFileSync(path);
  const tables = new Map<string, number>();
  for (let index = 0; index < file.readUInt16BE(4); index += 1) {
    const entry = 12 + 16 * index;
    tables.set(file.toString('latin1', entry, entry + 4), file.readUInt32BE(entry + 8));
  }
  const tableAt = (name: string) => {
    const offset = tables.get(name);
    if (offset === undefined) throw new RangeError(`${path} has no table ${name}`);
    return offset;
  };
  const unitsPerEm = file.readUInt16BE(tableAt('head') + 18);
  const metricsCount = file.readUInt16BE(tableAt('hhea') + 34);
  const metrics = tableAt('hmtx');
  const glyphOf = readCharacterMap(file, tableAt('cmap'));
  return (codePoint) => {
    const glyph = Math.min(glyphOf(codePoint), metricsCount - 1);
    return file.readUInt16BE(metrics + 4 * glyph) / unitsPerEm;
  };
}

function readCharacterMap(file: Buffer, cmap: number): (codePoint: number) => number {
  const count = file.readUInt16BE(cmap + 2);
  const offsets = Array.from({ length: count }, (_, index) => cmap + file.readUInt32BE(cmap + 8 + 8 * index));
  const start = offsets.find((offset) => file.readUInt16BE(offset) === 4);
  if (start === undefined) throw new RangeError('the font has no character map of format 4');
  const segments = file.readUInt16BE(start + 6) / 2;
  const [ends, starts] = [start + 14, start + 16 + 2 * segments];
  const [deltas, ranges] = [starts + 2 * segments, starts + 4 * segments];
  return (codePoint) => {
    for (let segment = 0; segment < segments; segment += 1) {
      if (codePoint > file.readUInt16BE(ends + 2 * segment)) continue;
      const first = file.readUInt16BE(starts + 2 * segment);
      if (codePoint < first) return 0;
      const delta = file.readUInt16BE(deltas + 2 * segment);
      const range = file.readUInt16BE(ranges + 2 * segment);
      if (range === 0) return (codePoint + delta) & 0xffff;
      const glyph = file.readUInt16BE(ranges + 2 * segment + range + 2 * (codePoint - first));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
