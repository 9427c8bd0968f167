import type { TopLevelSpec } from 'vega-lite';

/** A figure as data: a Vega-Lite specification that fits itself to the width of a paper's text. */
export interface Figure {
  /** Panels side by side. */
  readonly panels: number;
  /** The specification for a panel width in points. */
  readonly specify: (panelWidth: number) => TopLevelSpec;
}
