import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configureFonts, escapeXml } from './font.js';
import { fontFolder, loadTextMeasure } from './font-metrics.js';
import { loadSharp } from './render.js';

describe('text', () => {
  it('is as wide as the font says', () => {
    const measure = loadTextMeasure();
    // Advances of DejaVu Sans in units of 1/2048 em.
    expect(measure('A', 2048)).toBe(1401);
    expect(measure(' ', 2048)).toBe(651);
    expect(measure('iW', 2048)).toBe(569 + 2025);
    expect(measure('R²', 10, true)).toBeGreaterThan(measure('R²', 10));
  });

  it('has no other fonts than ours to come from', () => {
    configureFonts();
    const text = readFileSync(process.env.FONTCONFIG_FILE!, 'utf8');
    expect(text.match(/<dir>.*<\/dir>/g)).toEqual([`<dir>${escapeXml(fontFolder())}</dir>`]);
    expect(text).not.toContain('<include');
  });

  it('is drawn with the letters of that font, not with boxes', async () => {
    const sharp = await loadSharp();
    const inkWidth = async (text: string) => {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="60"><rect width="400" height="60" fill="white"/><text x="20" y="40" font-family="DejaVu Sans" font-size="30">${text}</text></svg>`;
      const { info } = await sharp(Buffer.from(svg)).trim().toBuffer({ resolveWithObject: true });
      return info.width;
    };
    const measure = loadTextMeasure();
    // Boxes would all be equally wide.
    for (const text of ['iiiiiiii', 'WWWWWWWW', 'R² ± 0.95']) {
      expect(Math.abs((await inkWidth(text)) - measure(text, 30))).toBeLessThan(8);
    }
  });
});
