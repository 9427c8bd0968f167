import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTextIfThere, writeFileAtomic } from '../core/files/files.js';
import { identify } from '../core/hash.js';
import { fontFolder } from './font-metrics.js';

/**
 * Points fontconfig at the fonts of our packages, and at no others, so that a figure has the same text on
 * every computer, also where no font is installed. Call it before sharp is loaded: the library inside it
 * reads the variable once.
 */
export function configureFonts(): void {
  const text = describeFonts(fontFolder());
  const user = process.getuid?.() ?? 'user';
  // One folder per user and content: several processes may draw at once.
  const folder = join(tmpdir(), `heldout-fonts-${user}-${identify(text)}`);
  const path = join(folder, 'fonts.conf');
  const complete = text.replace('@CACHE@', escapeXml(join(folder, 'cache')));
  if (readTextIfThere(path) !== complete) writeFileAtomic(path, complete);
  process.env.FONTCONFIG_FILE = path;
}

function describeFonts(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${escapeXml(folder)}</dir>
  <cachedir>@CACHE@</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <config></config>
</fontconfig>
`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
