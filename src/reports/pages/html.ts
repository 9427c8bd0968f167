import { join } from 'node:path';
import { projectRoot } from '../../core/files/paths.js';
import { baseStyle } from './style.js';

/** The parts of a page. `style` and `body` are trusted; what comes from data is escaped by who writes it there. */
export interface PageParts {
  readonly title: string;
  /** `light dark` for a page that has both. */
  readonly scheme: 'light' | 'light dark';
  /** Beside the style that all pages share. */
  readonly style: string;
  readonly body: string;
  /** What the program of the page reads: JSON in the element `data`. */
  readonly data: unknown;
  /** Folder of the page under `reports/pages`, whose `browser/main.ts` is its program. */
  readonly program: string;
}

/** A page as one HTML file that needs no network and no other file: its policy forbids it to ask for one. */
export async function renderPage({ title, scheme, style, body, data, program }: PageParts): Promise<string> {
  const script = await bundleScript(program);
  // What could end the script element early is written otherwise.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${scheme}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(title)}</title>
<style>${baseStyle(scheme)}${style}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${json}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The program of a page as one script. Its parts are typed for a browser (.config/tsconfig.browser.json). */
async function bundleScript(program: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(projectRoot(), 'src', 'reports', 'pages', program, 'browser', 'main.ts')],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
