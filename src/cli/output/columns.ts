const gap = '  ';

/**
 * Rows of texts as columns below their heads.
 * @param sides `l` or `r` for each column: where its texts stand.
 */
export function layOut(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  sides: string,
): string {
  const widths = heads.map((head, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), head.length),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, column) =>
        sides[column] === 'r' ? text.padStart(widths[column]!) : text.padEnd(widths[column]!),
      )
      .join(gap)
      .trimEnd();
  return [heads, ...rows].map((texts) => `  ${line(texts)}`.trimEnd()).join('\n');
}
