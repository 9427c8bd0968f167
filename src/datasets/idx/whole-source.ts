import { sha256 } from '../../core/hash.js';
import { joinBytes, readImages, readLabels } from './read-source.js';
import type { IdxSource } from './sources.js';

/** Classes of all examples of a source, pair after pair. */
export interface WholeLabels {
  readonly labels: Uint8Array;
  /** Examples of each pair: of the training files, then of the test files. */
  readonly counts: readonly number[];
  /** Of all labels. */
  readonly sha256: string;
}

/** Images of all examples of a source in the same order, row-major. */
export interface WholeImages {
  readonly data: Uint8Array;
  readonly channels: number;
  /** Of all bytes. */
  readonly sha256: string;
}

/** Throws HeldoutError where a file is missing or damaged. */
export function readWholeLabels(source: IdxSource, dataFolder: string): WholeLabels {
  const parts = source.pairs.map((pair) => readLabels(source, pair, dataFolder));
  const labels = joinBytes(parts);
  return { labels, counts: parts.map(({ length }) => length), sha256: sha256(labels) };
}

/** Throws HeldoutError where a file is missing, damaged, or of other images than there are labels for. */
export function readWholeImages(
  source: IdxSource,
  { counts }: Pick<WholeLabels, 'counts'>,
  dataFolder: string,
): WholeImages {
  const parts = source.pairs.map((pair, at) => readImages(source, pair, counts[at]!, dataFolder));
  const data = joinBytes(parts.map((part) => part.data));
  return { data, channels: parts[0]!.shape[3] ?? 1, sha256: sha256(data) };
}
