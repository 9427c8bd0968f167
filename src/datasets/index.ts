import { HeldoutError } from '../core/errors.js';
import type { VariableTable } from '../variables/variable.js';
import type { Dataset, DatasetSource, Normalisation } from './dataset.js';
import { type ColoredMnistConfig, coloredMnist } from './digits/colored-mnist.js';
import { type DigitsDomainsConfig, digitsDomains } from './digits/digits-domains.js';
import { type RotatedMnistConfig, rotatedMnist } from './digits/rotated-mnist.js';
import { type DspritesConfig, dsprites } from './drawn/dsprites.js';
import { type MeritStripesConfig, meritStripes } from './drawn/merit-stripes.js';
import { type SpriteQuestionsConfig, spriteQuestions } from './drawn/sprite-questions.js';
import { type SpritesConfig, sprites } from './drawn/sprites.js';
import { type AttributeFolderConfig, attributeFolder } from './folders/attribute-folder.js';
import { type ImageFolderConfig, imageFolder } from './folders/image-folder.js';
import { type WildsCsvConfig, wildsCsv } from './folders/wilds-csv.js';
import {
  cifar10,
  cifar100,
  type DigitsConfig,
  digits,
  fashionMnist,
  type IdxImagesConfig,
  mnist,
  pacs,
  usps,
} from './idx/idx-images.js';
import { type AdultConfig, adult } from './tabular/adult.js';
import { type CompasConfig, compas } from './tabular/compas.js';
import { type CsvConfig, csv } from './tabular/csv.js';

/** The section `dataset` of a config. */
export type DatasetConfig = (
  | DspritesConfig
  | SpritesConfig
  | SpriteQuestionsConfig
  | IdxImagesConfig
  | DigitsConfig
  | ColoredMnistConfig
  | RotatedMnistConfig
  | DigitsDomainsConfig
  | ImageFolderConfig
  | WildsCsvConfig
  | AdultConfig
  | CompasConfig
  | CsvConfig
  | MeritStripesConfig
  | AttributeFolderConfig
) & {
  /** How a model gets the images; as they are where it is absent. */
  readonly normalise?: Normalisation | undefined;
};

/** Every dataset by its name in `dataset.name`. */
export const datasets: Readonly<Record<string, DatasetSource<DatasetConfig>>> = {
  dsprites,
  sprites,
  sprite_questions: spriteQuestions,
  mnist,
  fashion_mnist: fashionMnist,
  usps,
  cifar10,
  cifar100,
  pacs,
  digits,
  colored_mnist: coloredMnist,
  rotated_mnist: rotatedMnist,
  digits_domains: digitsDomains,
  image_folder: imageFolder,
  wilds_csv: wildsCsv,
  adult,
  compas,
  csv,
  merit_stripes: meritStripes,
  attribute_folder: attributeFolder,
};

interface Place {
  readonly dataFolder: string;
}

/**
 * Opens a dataset. Throws a HeldoutError when its name is unknown or a file that it needs is missing or
 * damaged.
 */
export async function openDataset(config: DatasetConfig, { dataFolder }: Place): Promise<Dataset> {
  const dataset = await findSource(config).open(config, dataFolder);
  const { normalise } = config;
  requireChannels(dataset, normalise);
  const { environment } = dataset.table;
  return { ...dataset, ...(environment !== undefined && { environment }), ...(normalise && { normalise }) };
}

/** Throws HeldoutError where numbers of another count of channels are to be taken off images. */
function requireChannels({ name, inputs }: Dataset, normalise: Normalisation | undefined): void {
  const channels = inputs.image?.at(-1);
  const counts = [normalise?.mean, normalise?.scale].map((one) => (typeof one === 'object' ? one.length : 1));
  const wrong = counts.find((count) => count !== 1 && count !== channels);
  if (wrong === undefined) return;
  throw new HeldoutError({
    code: 'E_DATA_NORMALISE',
    message: `${wrong} channels are to be normalised, but images of ${name} have ${channels}`,
    place: 'dataset.normalise',
    hints: [`dataset.channels=${wrong}`, "'dataset.normalise={mean: 0.5, scale: 0.5}' is for all channels"],
  });
}

/** The table of a dataset, which need not be read for it but where it is a table itself: enough to split it. */
export async function openTable(config: DatasetConfig, { dataFolder }: Place): Promise<VariableTable> {
  return await findSource(config).table(config, dataFolder);
}

function findSource({ name }: DatasetConfig): DatasetSource<DatasetConfig> {
  const source = Object.hasOwn(datasets, name) ? datasets[name] : undefined;
  if (source !== undefined) return source;
  throw new HeldoutError({
    code: 'E_DATASET',
    message: `there is no dataset '${name}'`,
    place: 'dataset.name',
    hints: [`one of ${Object.keys(datasets).join(', ')}`],
  });
}
