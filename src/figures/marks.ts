import type { TopLevelSpec } from 'vega-lite';
import type { Look } from './theme.js';

/** One layer of a panel. */
export type Layer = Extract<TopLevelSpec, { readonly layer: unknown }>['layer'][number];
export type Axes = Pick<NonNullable<Extract<Layer, { readonly mark: unknown }>['encoding']>, 'x' | 'y'>;

type Datum = Readonly<Record<string, number>>;

/** Of the area around a line, so that lines and other bands show through. */
export const bandOpacity = 0.2;

const dataOf = (values: readonly Datum[]) => ({ values: values.map((value) => ({ ...value })) });

export function pointLayer(
  values: readonly Datum[],
  axes: Axes,
  look: Pick<Look, 'color' | 'shape'>,
  { size = 34, filled = true, opacity = 1, aria = true } = {},
): Layer {
  return {
    data: dataOf(values),
    mark: { type: 'point', size, filled, opacity, aria, shape: look.shape, color: look.color },
    encoding: axes,
  };
}

/**
 * The title of a panel at the same height above all of a row, whatever their axes show: a line for each part of the
 * name, the last one just above the panel. Who breaks it otherwise gives the lines.
 */
export function titleLayer(name: string | readonly string[], width: number): Layer {
  const lines = typeof name === 'string' ? name.split(', ') : [...name];
  const lineHeight = 9.5;
  return {
    data: { values: [{}] },
    mark: {
      type: 'text',
      text: lines,
      baseline: 'line-bottom',
      lineHeight,
      fontSize: 8,
      fontWeight: 'bold',
      color: 'black',
    },
    encoding: { x: { value: width / 2 }, y: { value: -4 - (lines.length - 1) * lineHeight } },
  };
}

/** One line through the values, in the order of x. */
export function lineLayer(
  values: readonly Datum[],
  axes: Axes,
  look: Pick<Look, 'color' | 'dash'>,
  strokeWidth = 1.1,
): Layer {
  return {
    data: dataOf(values),
    mark: { type: 'line', color: look.color, strokeDash: [...look.dash], strokeWidth, clip: true },
    encoding: axes,
  };
}

/** Straight strokes: from x to `x2`, or from y to `y2` where the field is named. */
export function ruleLayer(
  values: readonly Datum[],
  axes: Axes,
  ends: { readonly x2?: string; readonly y2?: string },
  look: Pick<Look, 'color' | 'dash'>,
  strokeWidth = 1,
  opacity = 1,
): Layer {
  return {
    data: dataOf(values),
    mark: { type: 'rule', color: look.color, strokeDash: [...look.dash], strokeWidth, opacity },
    encoding: {
      ...axes,
      ...(ends.x2 === undefined ? {} : { x2: { field: ends.x2 } }),
      ...(ends.y2 === undefined ? {} : { y2: { field: ends.y2 } }),
    },
  };
}

/** The area between y and the field `high`. */
export function bandLayer(values: readonly Datum[], axes: Axes, color: string): Layer {
  return {
    data: dataOf(values),
    mark: { type: 'area', color, opacity: bandOpacity, clip: true },
    encoding: { ...axes, y2: { field: 'high' } },
  };
}
