import { rotate } from '../../augment/affine.js';
import { identify } from '../../core/hash.js';
import { countUp, shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { makeColumns } from '../../variables/columns.js';
import type { VariableTable } from '../../variables/variable.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { mnistSource } from '../idx/sources.js';
import { readWholeImages, readWholeLabels, type WholeLabels } from '../idx/whole-source.js';
import { type Fit, fitImage } from '../images/fit.js';
import { keepInMemory, makeImageDataset } from '../images/image-dataset.js';
import { takeFirst } from './take-first.js';

export interface RotatedMnistConfig {
  readonly name: string;
  /** Images of every angle; all unless given. */
  readonly per_environment?: number | null | undefined;
  /** Pixels of a row and of a column: 28 unless given, 32 with black ones around. */
  readonly side?: 28 | 32 | undefined;
  /** Channels that a model gets: 1 unless given. */
  readonly channels?: 1 | 3 | undefined;
  /** Of membership, 0 unless given. */
  readonly seed?: number | undefined;
}

const angles = [0, 15, 30, 45, 60, 75];

/**
 * Handwritten digits turned against the clock about their centre by 0 to 75 degrees, which are the environments
 * (Ghifary et al. 2015, as in DomainBed): the 70,000 images of both files are shuffled, and environment i has every sixth
 * from the i-th on. Turned as by Pillow, which torchvision uses: bilinear, black where nothing is. Images are
 * `[28, 28, 1]` unless told; one of ten classes is asked for.
 */
export const rotatedMnist: DatasetSource<RotatedMnistConfig> = {
  table: (config, dataFolder) => describe(config, dataFolder).table,
  open: async (config, dataFolder) => openRotated(config, dataFolder),
};

interface Description {
  readonly whole: WholeLabels;
  readonly table: VariableTable;
  /** Index of every example's image in the files, training images first. */
  readonly images: Uint32Array;
}

function describe({ per_environment, seed = 0 }: RotatedMnistConfig, dataFolder: string): Description {
  const whole = readWholeLabels(mnistSource, dataFolder);
  const order = shuffle(stream(seed, 'rotated_mnist'), countUp(whole.labels.length));
  const members = angles.map((_, at) =>
    takeFirst(
      order.filter((_, place) => place % angles.length === at),
      per_environment,
      'dataset.per_environment',
    ),
  );
  const images = Uint32Array.from(members.flatMap((each) => [...each]));
  const table = makeColumns(
    images.length,
    [
      { name: 'angle', kind: 'ordered', levels: angles },
      { name: 'class', kind: 'categorical', levels: mnistSource.classes },
    ],
    {
      angle: Uint16Array.from(members.flatMap((each, at) => Array<number>(each.length).fill(at))),
      class: Uint16Array.from(images, (image) => whole.labels[image]!),
    },
  );
  return { whole, images, table: { ...table, environment: 'angle', label: 'class' } };
}

function openRotated(config: RotatedMnistConfig, dataFolder: string): Dataset {
  const { whole, table, images } = describe(config, dataFolder);
  const { data, sha256 } = readWholeImages(mnistSource, whole, dataFolder);
  const { side: own } = mnistSource;
  const { side = own, channels = 1 } = config;
  const fit: Fit = { side, channels: 1, fit: 'pad' };
  const angle = table.column('angle');
  const bytes = new Uint8Array(images.length * side * side);
  for (const [example, image] of images.entries()) {
    const digit = data.subarray(image * own * own, (image + 1) * own * own);
    const upright = { width: own, height: own, channels: 1, data: digit };
    const turned = rotate(upright, angles[angle[example]!]!, 'bilinear', 0);
    bytes.set(fitImage(turned, fit).data, example * side * side);
  }
  const { per_environment = null, seed = 0 } = config;
  return makeImageDataset({
    name: 'rotated_mnist',
    table,
    images: keepInMemory(bytes, side, 1),
    channels,
    fingerprint: identify(
      {
        dataset: 'rotated_mnist',
        law: 1,
        angles,
        per_environment,
        seed,
        sha256,
        counts: [...whole.counts],
        labels: whole.sha256,
        ...(side !== own && { side }),
        ...(channels !== 1 && { channels }),
      },
      16,
    ),
  });
}
