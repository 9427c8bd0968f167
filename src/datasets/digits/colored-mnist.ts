import { HeldoutError } from '../../core/errors.js';
import { identify } from '../../core/hash.js';
import { makeColumns } from '../../variables/columns.js';
import type { VariableTable } from '../../variables/variable.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { mnistSource } from '../idx/sources.js';
import { readWholeImages, readWholeLabels, type WholeLabels } from '../idx/whole-source.js';
import { type ImageStore, makeImageDataset } from '../images/image-dataset.js';
import { type ColouredDigits, colourDigits } from './coloured.js';

export interface ColoredMnistConfig {
  readonly name: string;
  /** `irm` unless given. */
  readonly protocol?: 'irm' | 'domainbed' | undefined;
  /** Fewer examples: of the 50,000 for training (`irm`), or of all 70,000 (`domainbed`). */
  readonly size?: number | null | undefined;
  /** Whether the colour is taken away: one channel with the digit, for the oracle. */
  readonly grayscale?: boolean | undefined;
  /** `irm`: whether the test images are there once more as an environment `gray`, the digit in both channels. */
  readonly gray_test?: boolean | undefined;
  /** Of membership, labels and colours, 0 unless given. */
  readonly seed?: number | undefined;
}

/**
 * Handwritten digits whose colour tells their label better than their shape does, but for one environment where it tells
 * the opposite (Arjovsky et al. 2019). The label is 1 of digits below 5, and is changed with probability 0.25; the
 * colour, red or green, is the label, changed with probability e. A digit stands in the channel of its colour, the other
 * is zero. There are two protocols, whose numbers cannot be compared:
 *
 * | | `irm` (Arjovsky et al. 2019) | `domainbed` (Gulrajani & Lopez-Paz 2021) |
 * |---|---|---|
 * | images | 60,000 of the training file | 70,000 of both files |
 * | environments | e = 0.2 and 0.1 for training, 25,000 each: the even and the odd ones of the first 50,000, shuffled; e = 0.9 to test on: the last 10,000 | e = 0.1, 0.2, 0.9: every third of all, shuffled; each is held out in turn |
 * | pixels | every second row and column: `[14, 14, 2]` | `[28, 28, 2]` |
 * | target | one output (`binary`) | two classes (`categorical`) |
 *
 * In both, environments are called by how often the colour is right: +80%, +90%, -90%. What is drawn follows `seed`
 * alone, so that "the same" environment has the same images in all runs (in DomainBed it follows the job's seed).
 * Published code tests gray images in two ways, and both are here: trained on the sum of both channels (`grayscale`), and
 * tested with the digit in both channels (`gray_test`).
 */
export const coloredMnist: DatasetSource<ColoredMnistConfig> = {
  table: (config, dataFolder) => describe(config, dataFolder).table,
  open: async (config, dataFolder) => openColoured(config, dataFolder),
};

interface Description {
  readonly protocol: 'irm' | 'domainbed';
  readonly size: number | null;
  readonly grayscale: boolean;
  readonly seed: number;
  readonly whole: WholeLabels;
  readonly drawn: ColouredDigits;
  readonly table: VariableTable;
}

function describe(config: ColoredMnistConfig, dataFolder: string): Description {
  const { protocol = 'irm', size = null, grayscale = false, gray_test = false, seed = 0 } = config;
  if (gray_test && protocol !== 'irm') throw grayTestBeside('dataset.protocol=irm');
  if (gray_test && grayscale) throw grayTestBeside('dataset.grayscale=false');
  const whole = readWholeLabels(mnistSource, dataFolder);
  const drawn = colourDigits(whole.labels, whole.counts[0]!, { protocol, size, grayTest: gray_test, seed });
  const digit = Uint16Array.from(drawn.images, (image) => whole.labels[image]!);
  const { environment, environments, label, colour } = drawn;
  const table = makeColumns(
    drawn.images.length,
    [
      { name: 'environment', kind: 'categorical', levels: environments },
      { name: 'label', kind: 'categorical', levels: [0, 1] },
      { name: 'digit', kind: 'categorical', levels: mnistSource.classes },
      { name: 'colour', kind: 'categorical', levels: ['red', 'green', ...(gray_test ? ['both'] : [])] },
    ],
    { environment, label, digit, colour },
  );
  const copies = gray_test ? { copies: environments.slice(-2) } : {};
  const roles = { environment: 'environment', label: 'label', ...copies };
  return { protocol, size, grayscale, seed, whole, drawn, table: { ...table, ...roles } };
}

function grayTestBeside(hint: string): HeldoutError {
  return new HeldoutError({
    code: 'E_DATASET_PROTOCOL',
    message: 'gray images are tested beside coloured ones of the protocol irm alone',
    place: 'dataset.gray_test',
    hints: ['dataset.gray_test=false', hint],
  });
}

function openColoured(config: ColoredMnistConfig, dataFolder: string): Dataset {
  const { protocol, grayscale, seed, whole, drawn, table, size } = describe(config, dataFolder);
  const { data, sha256 } = readWholeImages(mnistSource, whole, dataFolder);
  const step = protocol === 'irm' ? 2 : 1;
  return makeImageDataset({
    name: 'colored_mnist',
    table,
    images: colourOnDemand(
      takeEvery(data, mnistSource.side, step),
      mnistSource.side / step,
      drawn,
      grayscale,
    ),
    channels: grayscale ? 1 : 2,
    targets: [{ name: 'label', kind: protocol === 'irm' ? 'binary' : 'categorical' }],
    fingerprint: identify(
      {
        ...{ dataset: 'colored_mnist', law: 1, protocol, size, grayscale, seed, sha256 },
        counts: [...whole.counts],
        labels: whole.sha256,
        environments: [...drawn.environments],
      },
      16,
    ),
  });
}

/** Every `step`-th row and column of square images, from the first on. */
function takeEvery(data: Uint8Array, side: number, step: number): Uint8Array {
  if (step === 1) return data;
  const small = side / step;
  const out = new Uint8Array(data.length / step ** 2);
  for (let at = 0; at < out.length; at++) {
    const row = Math.floor(at / small);
    out[at] = data[row * step * side + (at % small) * step]!;
  }
  return out;
}

function colourOnDemand(
  data: Uint8Array,
  side: number,
  { images, colour }: ColouredDigits,
  grayscale: boolean,
): ImageStore {
  const pixels = side * side;
  const channels = grayscale ? 1 : 2;
  return {
    side,
    channels,
    inMemory: true,
    read(examples, out) {
      for (let i = 0; i < examples.length; i++) {
        const [from, to] = [images[examples[i]!]! * pixels, i * pixels * channels];
        const digit = data.subarray(from, from + pixels);
        if (grayscale) out.set(digit, to);
        else {
          const shown = colour[examples[i]!]!;
          for (let at = 0; at < pixels; at++) {
            out[to + 2 * at] = shown === 1 ? 0 : digit[at]!;
            out[to + 2 * at + 1] = shown === 0 ? 0 : digit[at]!;
          }
        }
      }
    },
  };
}
