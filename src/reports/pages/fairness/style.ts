import { palette } from '../../../figures/theme.js';

const { black, blue, vermillion, sky, green, purple, orange, wine, grey, indigo, olive, teal } = palette;

/** Of methods in their order; a shape of its own goes with each. */
const colors = [
  ...[black, blue, vermillion, sky, green, purple, orange, wine, grey],
  ...[indigo, olive, teal, black, blue],
];

export const style = `
body { max-width: 72rem; } p, li { max-width: 75ch; } section { margin-top: 1.8rem; } h3 { font-size: 1rem; margin: 1rem 0 0.2rem; }
svg { border: 0; border-radius: 0; display: block; }
.wide { overflow-x: auto; } .wide > svg { min-width: 34rem; } caption { text-align: left; }
#controls { position: sticky; top: 0; z-index: 1; margin: 1rem -1rem 0; padding: 0.5rem 1rem; background: #f4f4f4; border-block: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; align-items: center; }
.choice { display: flex; align-items: center; gap: 0.5rem; white-space: nowrap; } .choice input[type=range] { width: 9rem; } .choice output { min-width: 6.5rem; font-variant-numeric: tabular-nums; } .choice.idle output { color: var(--soft); }
#summary { margin: 0; flex-basis: 100%; max-width: none; font-variant-numeric: tabular-nums; }
.plot { display: grid; grid-template-columns: minmax(0, 1fr) max-content; gap: 1rem; align-items: start; }
@media (max-width: 50rem) { .plot { grid-template-columns: minmax(0, 1fr); } #controls { position: static; } }
fieldset { border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.7rem; } #legend label { display: flex; align-items: center; gap: 0.4rem; } #legend svg { width: 1.1rem; height: 1.1rem; flex: none; } #legend label.apart { margin-top: 0.5rem; }
.axis { stroke: #555; stroke-width: 1; } .grid { stroke: #e4e4e4; stroke-width: 1; } .zero { stroke: #888; stroke-width: 1.2; } .labels { stroke: #333; stroke-width: 1.2; stroke-dasharray: 2 3; } .within { fill: #f0e9df; }
svg text { font: 12px system-ui, sans-serif; fill: var(--text); } svg text.soft { fill: var(--soft); }
.bar { stroke-width: 1; opacity: 0.45; } .way { fill: none; stroke-width: 1.2; opacity: 0.6; } .mark { stroke-width: 1.6; fill: #fff; } .open { cursor: pointer; }
${colors.map((color, at) => `.m${at} { stroke: ${color}; }`).join(' ')}
.ring { fill: none; stroke: var(--text); stroke-width: 2.2; } .seed { stroke: var(--text); stroke-width: 1.3; fill: none; } .seed.own { stroke-width: 3; }
.formula { font-size: 1.25rem; font-variant-numeric: tabular-nums; margin: 0.6rem 0; padding: 0.4rem 0.8rem; border-left: 4px solid var(--text); }
tr.own > * { font-weight: 700; } th.split, td.split { border-left: 1px solid var(--line); padding-left: 0.8rem; }
#list td, #counts td, #standing td, #points :is(td, th) { white-space: nowrap; } #list tbody tr:nth-child(even), #points tbody tr:nth-child(even) { background: #f6f6f6; } #list th button { border: 0; padding: 0; margin: 0; font-weight: 600; color: inherit; cursor: pointer; text-decoration: underline dotted; }
#filters { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; margin: 0.4rem 0; } #filters input { font: inherit; width: 8rem; border: 1px solid var(--line); border-radius: 4px; padding: 0.1rem 0.4rem; }
.rate0 { stroke: ${blue}; fill: ${blue}; } .rate1 { stroke: ${vermillion}; fill: ${vermillion}; } path.rate0, path.rate1 { fill: none; stroke-width: 1.8; } path.rate0 { stroke-dasharray: 5 3; } .rate0.spot { fill: #fff; }
@media print { #controls { position: static; background: none; } .choice.idle, #filters, #more { display: none; } section, tr, svg { break-inside: avoid; } section:has(#list) { break-inside: auto; } body { font-size: 11pt; } a { color: inherit; } }
`;
