import { escapeHtml, renderPage } from '../html.js';
import { describeLimits } from './limits.js';
import type { PageData } from './page-data.js';
import { style } from './style.js';

/** The page of a fairness study: one HTML file that needs no network and no other file. */
export async function writePage(data: PageData): Promise<string> {
  const [zero, one] = data.groups.map(escapeHtml) as [string, string];
  const [negative, positive] = data.levels.map(escapeHtml) as [string, string];
  const [target, variable] = [escapeHtml(data.target), escapeHtml(data.protected)];
  const body = `<header>
<h1>${escapeHtml(data.title)}</h1>
<p>Dataset <b>${escapeHtml(data.dataset)}</b>. The target is <b>${target}</b>: a positive decision (level 1) is “${positive}”, a negative one (level 0) “${negative}”. ${escapeHtml(data.note)} The protected variable is <b>${variable}</b>: group 0 is ${zero}, group 1 is ${one}. <b>DDP</b> (demographic parity difference) is the rate of positive decisions among ${one} minus that among ${zero}, with its sign.</p>
<noscript><p><b>This page draws its tables with a program that it carries within; the browser has it switched off.</b></p></noscript>
<h2 id="sizes-title">Who is in it</h2>
<table id="sizes" aria-labelledby="sizes-title"></table>
<p class="note" id="sizes-note"></p>
</header>
<form id="controls" aria-label="what is shown">
<div class="choice"><label><input type="radio" name="method" value="two heads"> Two heads within</label> <input type="range" id="two-heads" aria-label="largest |DDP| on validation of two heads" min="0" step="1"> <output id="two-heads-value" for="two-heads"></output></div>
<div class="choice"><label><input type="radio" name="method" value="regularised"> Regularised net with</label> <input type="range" id="regularised" aria-label="strength of the regulariser" min="0" step="1"> <output id="regularised-value" for="regularised"></output></div>
<div class="choice"><label for="seed">Seed</label> <select id="seed"></select></div>
<p id="summary" aria-live="polite"></p>
</form>
<main>
<section aria-labelledby="plot-title">
<h2 id="plot-title">What it costs: accuracy against the gap</h2>
<p>Every mark is a setting of a method at its <b>test</b> values: mean over seeds, with the 95 % Student t interval over seeds both ways (a seed draws other people and trains another net). Rules and thresholds were <b>chosen on validation</b>; what test gives need not keep to the limit. The large ring is what is chosen above, the small crosses are its seeds, the bold one the chosen seed; the band is the limit that two heads kept to on validation. Thresholds of true groups need everybody’s group when they decide; the others do not.</p>
<div class="plot"><div class="wide"><svg id="plot" role="img"></svg></div><fieldset id="legend"><legend>Methods shown</legend></fieldset></div>
<div id="chosen" class="wide"></div>
<details><summary>All numbers of the plot</summary><div class="wide"><table id="points"></table></div></details>
</section>
<section aria-labelledby="rule-title">
<h2 id="rule-title">The rule in words</h2>
<div id="rule"></div>
</section>
<section aria-labelledby="people-title">
<h2 id="people-title">Whose decision changes</h2>
<p id="before"></p>
<div class="wide"><table id="counts" aria-labelledby="people-title"></table></div>
<p class="note" id="counts-note"></p>
<h3 id="list-title">One by one</h3>
<p id="listed"></p>
<div id="filters" role="group" aria-label="filters of the table"></div>
<div class="wide"><table id="list" aria-labelledby="list-title"></table></div>
<p id="more"></p>
</section>
<section aria-labelledby="matched-title">
<h2 id="matched-title">Like score, unlike treatment</h2>
<div id="matched"></div>
<div class="wide"><svg id="bins" role="img"></svg></div>
</section>
<section aria-labelledby="limits-title">
<h2 id="limits-title">What is shown, and what is not</h2>
<ul>${describeLimits(data)
    .map((limit) => `<li>${escapeHtml(limit)}</li>`)
    .join('')}</ul>
<p class="note">Made by <code>npm run figures -- ${escapeHtml(data.study)} page</code> from predictions alone.</p>
</section>
</main>`;
  return renderPage({ title: data.title, scheme: 'light', style, body, data, program: 'fairness' });
}
