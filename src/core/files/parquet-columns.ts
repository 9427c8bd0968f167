/**
 * The columns of a Parquet file by name, each whole: the reader hands long ones out in pieces, a page or so each. Throws what
 * the reader throws where the bytes are no such file.
 */
export async function readParquetColumns(
  file: ArrayBuffer,
): Promise<ReadonlyMap<string, ArrayLike<unknown>>> {
  const { parquetRead } = await import('hyparquet');
  const pieces = new Map<string, { readonly from: number; readonly data: ArrayLike<unknown> }[]>();
  await parquetRead({
    file,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const own = pieces.get(columnName) ?? [];
      own.push({ from: rowStart, data: columnData });
      pieces.set(columnName, own);
    },
  });
  return new Map([...pieces].map(([name, own]) => [name, join(own)]));
}

function join(
  pieces: readonly { readonly from: number; readonly data: ArrayLike<unknown> }[],
): ArrayLike<unknown> {
  if (pieces.length === 1) return pieces[0]!.data;
  const whole: unknown[] = new Array(pieces.reduce((sum, { data }) => sum + data.length, 0));
  for (const { from, data } of pieces) for (let at = 0; at < data.length; at++) whole[from + at] = data[at];
  return whole;
}
