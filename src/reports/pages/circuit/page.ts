import { palette } from '../../../figures/theme.js';
import { escapeHtml, renderPage } from '../html.js';
import type { PageData } from './page-data.js';

/** The page of a circuit: one HTML file that needs no network and no other file. */
export async function writePage(data: PageData): Promise<string> {
  const facts = data.facts.map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  const body = `<header><h1>${escapeHtml(data.title)}</h1><dl>${facts.join('')}</dl></header>
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
</main>`;
  return renderPage({ title: data.title, scheme: 'light dark', style, body, data, program: 'circuit' });
}

const { blue, vermillion, green, purple, orange, sky, grey } = palette;

const style = `
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; margin-top: 1rem; }
@media (max-width: 60rem) { main { grid-template-columns: minmax(0, 1fr); } }
.link { stroke: var(--link); stroke-width: 1; } .link.marked { stroke: var(--mark); stroke-width: 2.4; stroke-opacity: 1; }
.module { cursor: pointer; outline: none; } .module text { font-size: 9px; font-weight: 600; fill: #000; pointer-events: none; }
.community { stroke: var(--back); stroke-width: 1.5; }
${[sky, orange, green, purple, '#F0E442', blue, vermillion].map((color, at) => `.c${at} { fill: ${color}; }`).join(' ')}
.c5 + text, .c6 + text { fill: #fff; }
.module.marked circle { stroke: var(--text); stroke-width: 3; } .module:focus-visible circle { stroke: var(--mark); stroke-width: 4; }
.module.gone { opacity: 0.14; } .link.gone { display: none; } .module.gone circle { fill: ${grey}; }
#details { min-height: 10rem; } #maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); gap: 0.6rem; }
figure { margin: 0; } canvas { width: 100%; image-rendering: pixelated; border: 1px solid var(--line); } figcaption { font-size: 0.8rem; color: var(--soft); }
@media (prefers-reduced-motion: no-preference) { .module { transition: opacity 0.15s; } }
`;
