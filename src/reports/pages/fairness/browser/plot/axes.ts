import { shape } from '../../../browser/dom.js';
import { formatNumber } from '../numbers.js';

/** Where a drawing's axes lie, and what they measure. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Axis;
  readonly y: Axis;
}

export interface Axis {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  /** Values that are written. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

export function toX({ left, right, x }: Frame, value: number): number {
  return left + ((value - x.low) / (x.high - x.low)) * (right - left);
}

export function toY({ top, bottom, y }: Frame, value: number): number {
  return bottom - ((value - y.low) / (y.high - y.low)) * (bottom - top);
}

/** An axis that holds some values, with about `count` round ticks. */
export function fitAxis(label: string, values: readonly number[], count = 6): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = 0.06 * (most - least) || 0.01;
  const [low, high] = [least - room, most + room];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, at) => {
    const value = (first + at) * step;
    return { at: value, text: formatNumber(value, digits) };
  });
  return { label, low, high, ticks };
}

/** Grid, axes, ticks and labels. */
export function drawAxes(frame: Frame): SVGElement[] {
  const { left, right, top, bottom, x, y } = frame;
  const line = (name: string, x1: number, y1: number, x2: number, y2: number) =>
    shape('line', { class: name, x1, y1, x2, y2 });
  const text = (content: string, attributes: Readonly<Record<string, string | number>>) =>
    shape('text', { class: 'soft', ...attributes }, content);
  return [
    ...y.ticks.flatMap((tick) => [
      line('grid', left, toY(frame, tick.at), right, toY(frame, tick.at)),
      text(tick.text, { x: left - 7, y: toY(frame, tick.at) + 4, 'text-anchor': 'end' }),
    ]),
    ...x.ticks.flatMap((tick) => [
      line('axis', toX(frame, tick.at), bottom, toX(frame, tick.at), bottom + 4),
      text(tick.text, { x: toX(frame, tick.at), y: bottom + 18, 'text-anchor': 'middle' }),
    ]),
    line('axis', left, bottom, right, bottom),
    line('axis', left, top, left, bottom),
    text(x.label, { x: (left + right) / 2, y: bottom + 36, 'text-anchor': 'middle' }),
    text(y.label, {
      'text-anchor': 'middle',
      transform: `translate(14 ${(top + bottom) / 2}) rotate(-90)`,
    }),
  ];
}
