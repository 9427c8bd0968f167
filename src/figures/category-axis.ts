/** A quantitative x axis on which categories stand at 0, 1, 2 .., each under its name, so that marks may stand beside them. */
export function categoryAxis(
  labels: readonly string[],
  { shown = true, slanted = false, fontSize = 7 } = {},
) {
  return {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [-0.5, labels.length - 0.5], nice: false, zero: false },
    axis: {
      values: labels.map((_, index) => index),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      labelAngle: slanted ? -40 : 0,
      labels: shown,
      labelOverlap: false,
      labelFontSize: fontSize,
      ticks: false,
      labelPadding: 4,
      grid: false,
      title: null,
    },
  };
}
