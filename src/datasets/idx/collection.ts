import { HeldoutError } from '../../core/errors.js';
import { identify, sha256 } from '../../core/hash.js';
import { makeColumns } from '../../variables/columns.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import type { Dataset } from '../dataset.js';
import { type Fit, fitImage, fittedChannels } from '../images/fit.js';
import { keepInMemory, makeImageDataset } from '../images/image-dataset.js';
import { readImages, readLabels } from './read-source.js';
import type { IdxPair, IdxSource } from './sources.js';

/** A source as a part of a dataset. */
export interface Piece {
  readonly source: IdxSource;
  readonly fit: Fit;
  /** Where `fit` stands in the config, for errors. */
  readonly place: string;
  /** The level that all its examples have, by variable. */
  readonly levels?: Readonly<Record<string, string>>;
}

interface LabelledPair {
  readonly piece: Piece;
  readonly pair: IdxPair;
  readonly labels: Uint8Array;
  readonly levels: Readonly<Record<string, string>>;
}

/** The examples of some sources with the same classes, one after the other, without reading the images. */
export function tabulatePieces(pieces: readonly Piece[], dataFolder: string): VariableTable {
  return makeTable(pieces, labelPairs(pieces, dataFolder));
}

/** The same, with images. */
export function openPieces(
  name: string,
  pieces: readonly Piece[],
  channels: 1 | 3,
  dataFolder: string,
): Dataset {
  const pairs = labelPairs(pieces, dataFolder);
  const table = makeTable(pieces, pairs);
  const { side } = pieces[0]!.fit;
  const arrays = pairs.map(({ piece, pair, labels }) => {
    return { fit: piece.fit, ...readImages(piece.source, pair, labels.length, dataFolder) };
  });
  // Where sources differ, grey images take three channels, too.
  const kept = arrays.some(({ shape }) => fittedChannels(shape[3] ?? 1, { channels }) === 3) ? 3 : 1;
  const bytes = new Uint8Array(table.size * side * side * kept);
  let example = 0;
  for (const { fit, shape, data } of arrays) {
    const [count = 0, height = 0, width = 0, own = 1] = shape;
    const size = height * width * own;
    for (let at = 0; at < count; at++, example++) {
      const image = { height, width, channels: own, data: data.subarray(at * size, (at + 1) * size) };
      copyPixels(fitImage(image, fit).data, bytes, example * side * side * kept, side * side * kept);
    }
  }
  const fingerprint = identify(
    {
      dataset: name,
      channels,
      pieces: arrays.map(({ fit, shape, data }) => ({ fit: { ...fit }, shape, data: sha256(data) })),
    },
    16,
  );
  return makeImageDataset({ name, table, images: keepInMemory(bytes, side, kept), channels, fingerprint });
}

/** Writes `size` bytes; each of fewer bytes as often as it takes. */
function copyPixels(from: Uint8Array, out: Uint8Array, start: number, size: number): void {
  const repeats = size / from.length;
  if (repeats === 1) out.set(from, start);
  else
    from.forEach((pixel, at) => {
      out.fill(pixel, start + at * repeats, start + (at + 1) * repeats);
    });
}

function labelPairs(pieces: readonly Piece[], dataFolder: string): readonly LabelledPair[] {
  pieces.forEach(checkFit);
  return pieces.flatMap((piece) =>
    piece.source.pairs.map((pair) => ({
      piece,
      pair,
      labels: readLabels(piece.source, pair, dataFolder),
      levels: { ...piece.levels, ...pair.levels },
    })),
  );
}

/** The variables that pairs differ in, and `class`. */
function makeTable(pieces: readonly Piece[], pairs: readonly LabelledPair[]): VariableTable {
  const size = pairs.reduce((sum, { labels }) => sum + labels.length, 0);
  const names = Object.keys(pairs[0]!.levels);
  const variables: Variable[] = names.map((name) => ({
    name,
    kind: 'categorical',
    levels: [...new Set(pairs.map(({ levels }) => levels[name]!))],
  }));
  const columns = Object.fromEntries([...names, 'class'].map((name) => [name, new Uint16Array(size)]));
  let start = 0;
  for (const { labels, levels } of pairs) {
    for (const { name, levels: all } of variables) {
      columns[name]!.fill(all.indexOf(levels[name]!), start, start + labels.length);
    }
    columns.class!.set(labels, start);
    start += labels.length;
  }
  const { classes } = pieces[0]!.source;
  const table = makeColumns(
    size,
    [...variables, { name: 'class', kind: 'categorical', levels: classes }],
    columns,
  );
  return { ...table, label: 'class', ...(names.includes('domain') && { environment: 'domain' }) };
}

function checkFit({ source, fit: { side, fit, crop }, place }: Piece): void {
  if (crop !== undefined && crop > source.side) {
    throw refuse(`${place}.crop`, `images of ${source.name} have ${source.side} pixels a side, not ${crop}`, [
      `${place}.crop=${source.side}`,
    ]);
  }
  const own = crop ?? source.side;
  if (fit === 'pad' && side < own) {
    throw refuse('dataset.side', `images of ${source.name} have ${own} pixels a side: no room for padding`, [
      `dataset.side=${own}`,
      `${place}.fit=resize`,
    ]);
  }
}

function refuse(place: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_DATASET_FIT', message, place, hints });
}
