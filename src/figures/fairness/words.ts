import { wrapText } from '../drawing.js';
import type { Layer } from '../marks.js';
import { palette } from '../theme.js';

/** What the people of a figure, and the decisions about them, are called; group 1 is the second. */
export interface PeopleNames {
  readonly target: string;
  /** Levels of the target: decisions are positive for the second. */
  readonly levels: readonly [string, string];
  readonly protected: string;
  readonly groups: readonly [string, string];
}

const titleSize = 7.5;

/** Which gap an axis shows, and its sign, in lines no wider than the axis. */
export function gapTitle(
  { target, levels: [, positive], groups: [zero, one] }: PeopleNames,
  width: number,
): string[] {
  const rate = `DDP at test: rate of ${spell(target)} = ${positive}`;
  return wrapTitle([rate, `among ${one} minus that among ${zero}`], width);
}

/** The title of an axis in one line, or its parts in lines no longer than the axis. */
export function wrapTitle(parts: readonly string[], length: number): string[] {
  const whole = wrapText(parts.join(' '), length, titleSize);
  return whole.length === 1 ? whole : parts.flatMap((part) => wrapText(part, length, titleSize));
}

/** A variable's name as prose has it. */
export function spell(name: string): string {
  return name.replaceAll('_', ' ');
}

/** Which runs stand behind means, and what their strokes are. */
export function describeSeeds(seeds: readonly string[], strokes = 'strokes'): string {
  if (seeds.length === 1) return `Seed ${seeds[0]} alone, so there are no intervals.`;
  return `Means over seeds ${seeds.join(', ')}; ${strokes}: their 95 % Student t intervals (n − 1 degrees of freedom).`;
}

const [captionSize, lineHeight] = [6.5, 9];

/**
 * Sentences below a figure as a panel of its own, broken by the true widths of the words. `left` of 0 lies under the axis,
 * below 0 under its labels.
 */
export function captionPanel(sentences: readonly string[], width: number, left = 0) {
  const lines = wrapText(sentences.join(' '), width, captionSize);
  const layer: Layer[] = lines.map((text, line) => ({
    data: { values: [{}] },
    mark: { type: 'text', text, align: 'left', baseline: 'top', fontSize: captionSize, color: palette.black },
    encoding: { x: { value: left }, y: { value: line * lineHeight } },
  }));
  return { width: width + left, height: lines.length * lineHeight, layer };
}
