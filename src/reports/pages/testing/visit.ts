import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A browser of this machine, if it has one. */
export function findBrowser(): string | undefined {
  return ['chromium', 'chromium-browser', 'google-chrome'].find((name) => {
    try {
      return execFileSync(name, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).length > 0;
    } catch {
      return false;
    }
  });
}

/**
 * Opens a page in a browser and takes some steps there: JavaScript that fills the object `found`. Returns that object,
 * with what the page threw as `errors`.
 */
export function visitPage<Found>(
  browser: string,
  page: string,
  steps: string,
): Found & { readonly errors: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-visit-'));
  try {
    const path = join(folder, 'page.html');
    writeFileSync(
      path,
      page
        .replace('<script>', () => `<script>${watch}</script><script>`)
        .replace(
          '</body>',
          () => `<script>const found = {};${steps}</script><script>${report}</script></body>`,
        ),
    );
    const dom = execFileSync(
      browser,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`],
        ...['--dump-dom', `file://${path}`],
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28 },
    );
    const text = /<pre id="found">(.*?)<\/pre>/s.exec(dom)?.[1];
    return JSON.parse(decodeURIComponent(text ?? '{"errors":["the steps did not end"]}'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const watch = `
const errors = [];
addEventListener('error', (event) => errors.push(String(event.message)));`;

const report = `
const pre = document.createElement('pre');
pre.id = 'found';
pre.textContent = encodeURIComponent(JSON.stringify({ ...found, errors }));
document.body.append(pre);`;
