import { join } from 'node:path';
import { projectRoot } from '../../core/paths.js';
import { palette } from '../../figures/theme.js';
import type { PageData } from './page-data.js';

/** The page of a circuit: one HTML file that needs no network and no other file. */
export async function writePage(data: PageData): Promise<string> {
  const script = await bundleScript();
  // What could end the script element early is written otherwise.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const facts = data.facts.map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(data.title)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escapeHtml(data.title)}</h1><dl>${facts.join('')}</dl></header>
<main>
<section aria-labelledby="graph-title">
<h2 id="graph-title">Modules and their links</h2>
<p>Each module stands where it looks, at the mean centre of its attention; its size is its degree, its colour its community, where signatures link it. Arrow keys go through the modules, from the one with the most links to the one with the fewest.</p>
<svg id="graph" role="group" aria-label="modules and their links"></svg>
<section id="pruning" aria-label="fewer modules">
<label for="slider">Modules that stay, <span id="order">by degree</span>: <output id="size"></output></label>
<input id="slider" type="range" min="0" value="0" step="1">
<table><thead><tr><th scope="col">accuracy on</th><th scope="col">whole</th><th scope="col">by degree</th><th scope="col">random (mean)</th></tr></thead><tbody id="accuracies"></tbody></table>
<p class="note" id="measured"></p>
</section>
</section>
<section aria-label="one module">
<p><label for="module">Module </label><select id="module"></select></p>
<div id="details" aria-live="polite"></div>
<div id="maps"></div>
<p class="note">Colour: attention of the module to each token when it reads the image, mean over heads, in shares of its peak.</p>
</section>
</main>
<script type="application/json" id="data">${json}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

/** The program of the page as one script. Its parts are typed for a browser (.config/tsconfig.browser.json). */
async function bundleScript(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(projectRoot(), 'src', 'reports', 'circuit-page', 'browser', 'main.ts')],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const { blue, vermillion, green, purple, orange, sky, grey } = palette;

const style = `
:root { --back: #fff; --text: #1a1a1a; --soft: #595959; --line: #cfcfcf; --mark: #b34700; --link: #6a6a6a; }
@media (prefers-color-scheme: dark) {
  :root { --back: #15181b; --text: #ececec; --soft: #b3b3b3; --line: #454b52; --mark: #ff9d5c; --link: #a3a3a3; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; background: var(--back); color: var(--text); font: 16px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 0.5rem; } h2 { font-size: 1.1rem; margin: 0.5rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; margin-top: 1rem; }
@media (max-width: 60rem) { main { grid-template-columns: minmax(0, 1fr); } }
svg { width: 100%; border: 1px solid var(--line); border-radius: 6px; }
.link { stroke: var(--link); stroke-width: 1; } .link.marked { stroke: var(--mark); stroke-width: 2.4; stroke-opacity: 1; }
.module { cursor: pointer; outline: none; } .module text { font-size: 9px; font-weight: 600; fill: #000; pointer-events: none; }
.community { stroke: var(--back); stroke-width: 1.5; }
${[sky, orange, green, purple, '#F0E442', blue, vermillion].map((color, at) => `.c${at} { fill: ${color}; }`).join(' ')}
.c5 + text, .c6 + text { fill: #fff; }
.module.marked circle { stroke: var(--text); stroke-width: 3; } .module:focus-visible circle { stroke: var(--mark); stroke-width: 4; }
.module.gone { opacity: 0.14; } .link.gone { display: none; } .module.gone circle { fill: ${grey}; }
input[type=range] { width: 100%; } table { border-collapse: collapse; margin-top: 0.5rem; } th, td { padding: 0.15rem 0.8rem 0.15rem 0; text-align: right; font-variant-numeric: tabular-nums; } th[scope=row], thead th:first-child { text-align: left; } thead th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--line); } th[scope=row] { font-weight: 400; }
button, select { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 4px; padding: 0.1rem 0.5rem; margin-right: 0.3rem; } select option { background: var(--back); color: var(--text); }
:is(button, select, input):focus-visible { outline: 3px solid var(--mark); outline-offset: 1px; }
#details { min-height: 10rem; } #maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); gap: 0.6rem; }
figure { margin: 0; } canvas { width: 100%; image-rendering: pixelated; border: 1px solid var(--line); } figcaption, .note { font-size: 0.8rem; color: var(--soft); }
@media (prefers-reduced-motion: no-preference) { .module { transition: opacity 0.15s; } }
`;
