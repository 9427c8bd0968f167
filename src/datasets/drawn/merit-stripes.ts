import { identify } from '../../core/hash.js';
import { createFastStream, type FastStream, openKeys } from '../../random/fast-stream.js';
import { makeColumns } from '../../variables/columns.js';
import type { VariableTable } from '../../variables/variable.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { keepInMemory, makeImageDataset } from '../images/image-dataset.js';
import { normalQuantiles } from './sprites/noise.js';

export interface MeritStripesConfig {
  readonly name: string;
  /** Images, 12,000 unless given. */
  readonly size?: number | undefined;
  /** Standard deviation of a pixel's noise, 0.25 unless given. */
  readonly noise?: number | undefined;
  /** Of all that is random, 0 unless given. */
  readonly seed?: number | undefined;
}

/** Pixels of a row and of a column. */
const side = 16;
const period = 4;
const [stripes, blob, spread] = [0.35, 0.45, 2];
/** An intensity x is kept as the byte nearest to 255 (x / 5 + 1/2): from −2.5 to 2.5, cut off beyond. */
const range = 5;
/** Streams of an example: what it is, and how it looks. */
const [facts, look] = [0, 1];

/**
 * Made-up applicants, drawn by law (16 x 16, grey). `group` a is a fair coin; merit q ~ N(0, 1) + 0.6 (2a − 1); `accepted`
 * is q + 0.45 l > 0, where l is logistic. An image is the sum of stripes of amplitude 0.35 and a random phase, whose
 * direction is the group; of a Gaussian blob (2 pixels) of amplitude 0.45 q around a random centre in [5, 10]²; and of
 * noise. The phase hides the group from whatever is linear in pixels, and nothing about acceptance needs it: a network
 * knows the group only if training pays for it.
 */
export const meritStripes: DatasetSource<MeritStripesConfig> = {
  table: (config) => makePeople(config).table,
  open: async (config) => openImages(config),
};

interface People {
  readonly table: VariableTable;
  readonly merit: Float64Array;
  readonly source: FastStream;
  readonly normal: () => number;
}

function makePeople({ size = 12_000, seed = 0 }: MeritStripesConfig): People {
  const source = createFastStream(openKeys(seed, 'merit_stripes'));
  const quantiles = normalQuantiles();
  const normal = (): number => quantiles[Math.floor(source.uniform(0, quantiles.length))]!;
  const group = new Uint16Array(size);
  const accepted = new Uint16Array(size);
  const merit = new Float64Array(size);
  for (let example = 0; example < size; example++) {
    source.place(example, facts);
    group[example] = source.uniform(0, 1) < 0.5 ? 0 : 1;
    merit[example] = normal() + 0.6 * (2 * group[example]! - 1);
    // Never 0 or 1, whose logits are infinite.
    const chance = source.uniform(0, 1) + 2 ** -25;
    accepted[example] = merit[example]! + 0.45 * Math.log(chance / (1 - chance)) > 0 ? 1 : 0;
  }
  const table = makeColumns(
    size,
    [
      { name: 'accepted', kind: 'categorical', levels: ['no', 'yes'] },
      { name: 'group', kind: 'categorical', levels: ['falling', 'rising'] },
    ],
    { accepted, group },
  );
  return { table: { ...table, strata: ['accepted', 'group'] }, merit, source, normal };
}

function openImages(config: MeritStripesConfig): Dataset {
  const { noise = 0.25, seed = 0 } = config;
  const { table, merit, source, normal } = makePeople(config);
  const group = table.column('group');
  const pixels = new Uint8ClampedArray(table.size * side * side);
  for (let example = 0; example < table.size; example++) {
    source.place(example, look);
    const phase = source.uniform(0, 2 * Math.PI);
    const [centreX, centreY] = [source.uniform(5, 10), source.uniform(5, 10)];
    const height = blob * merit[example]!;
    const slope = group[example] === 1 ? 1 : -1;
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const across = (column + slope * row) / Math.SQRT2;
        const distance = (column - centreX) ** 2 + (row - centreY) ** 2;
        const value =
          stripes * Math.sin((2 * Math.PI * across) / period + phase) +
          height * Math.exp(-distance / (2 * spread ** 2)) +
          noise * normal();
        pixels[(example * side + row) * side + column] = 255 * (value / range + 0.5);
      }
    }
  }
  return {
    ...makeImageDataset({
      name: 'merit_stripes',
      table,
      images: keepInMemory(new Uint8Array(pixels.buffer), side, 1),
      channels: 1,
      targets: [{ name: 'accepted', kind: 'binary' }],
      fingerprint: identify({ dataset: 'merit_stripes', law: 1, size: table.size, noise, seed }, 16),
    }),
    protected: ['group'],
  };
}
