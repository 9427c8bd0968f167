import { displayName } from '../analysis/held-out.js';
import { loadTextMeasure } from './font-metrics.js';
import { bandOpacity, type Layer } from './marks.js';
import { lookOfReferences, palette } from './theme.js';

/** What a sign in a figure means: a line, a point, a point on a line, a shaded area, or a line in its band. */
export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly shape?: string;
  readonly dash?: readonly number[];
  readonly kind: 'point' | 'line' | 'area' | 'band';
}

/** A line for each reference, in its look. */
export function referenceEntries(references: readonly string[]): LegendEntry[] {
  const looks = lookOfReferences(references);
  return references.map((name, at) => ({ kind: 'line', label: displayName(name), ...looks[at]! }));
}

const size = 7;
const lineHeight = 11;
const symbolWidths = { point: 8, line: 16, area: 12, band: 16 } as const;
const symbolGap = 3;
const entryGap = 10;

export interface LegendPanel {
  readonly width: number;
  readonly height: number;
  layer: Layer[];
}

/**
 * The legend as a panel of its own above the others, every group on lines of its own, broken by the true
 * widths of the texts: Vega's own legends are neither merged over layers nor broken.
 */
export function legendPanel(groups: readonly (readonly LegendEntry[])[], width: number): LegendPanel {
  const measure = loadTextMeasure();
  const layers: Layer[] = [];
  let line = -1;
  for (const entries of groups) {
    let left = Number.POSITIVE_INFINITY;
    for (const entry of entries) {
      const wide = symbolWidths[entry.kind] + symbolGap + measure(entry.label, size);
      if (left + wide > width) {
        left = 0;
        line += 1;
      }
      layers.push(...drawEntry(entry, left, (line + 0.5) * lineHeight));
      left += wide + entryGap;
    }
  }
  return { width, height: (line + 1) * lineHeight, layer: layers };
}

function drawEntry(entry: LegendEntry, left: number, middle: number): Layer[] {
  const { color, shape, dash = [1, 0], kind, label } = entry;
  const symbolWidth = symbolWidths[kind];
  const data = { values: [{}] };
  const at = (x: number) => ({ x: { value: x }, y: { value: middle } });
  const layers: Layer[] = [];
  if (kind === 'area' || kind === 'band') {
    const rect = { x2: { value: left + symbolWidth }, y2: { value: middle + 4 } };
    const corner = { x: { value: left }, y: { value: middle - 4 } };
    layers.push({
      data,
      mark: { type: 'rect', color, opacity: kind === 'band' ? bandOpacity : 1 },
      encoding: { ...corner, ...rect },
    });
  }
  if (kind === 'line' || kind === 'band') {
    layers.push({
      data,
      mark: { type: 'rule', color, strokeDash: [...dash], strokeWidth: 1.2 },
      encoding: { ...at(left), x2: { value: left + symbolWidth } },
    });
  }
  if (shape !== undefined) {
    layers.push({
      data,
      mark: { type: 'point', filled: true, opacity: 1, size: 30, color, shape },
      encoding: at(left + symbolWidth / 2),
    });
  }
  layers.push({
    data,
    mark: {
      type: 'text',
      text: label,
      align: 'left',
      baseline: 'middle',
      fontSize: size,
      color: palette.black,
    },
    encoding: at(left + symbolWidth + symbolGap),
  });
  return layers;
}
