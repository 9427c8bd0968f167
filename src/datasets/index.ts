import { HeldoutError } from '../core/errors.js';
import type { Dataset } from './dataset.js';
import { type DspritesConfig, openDsprites } from './dsprites.js';

/** The section `dataset` of a config. */
export type DatasetConfig = DspritesConfig;

type OpenDataset = (config: DatasetConfig, dataFolder: string) => Promise<Dataset>;

/** Every dataset by its name in `dataset.name`. */
export const datasets: Readonly<Record<string, OpenDataset>> = {
  dsprites: openDsprites,
};

/**
 * Opens a dataset. Throws a HeldoutError when its name is unknown or a file that it needs is missing or
 * damaged.
 */
export async function openDataset(
  config: DatasetConfig,
  { dataFolder }: { readonly dataFolder: string },
): Promise<Dataset> {
  const open = Object.hasOwn(datasets, config.name) ? datasets[config.name] : undefined;
  if (open !== undefined) return open(config, dataFolder);
  throw new HeldoutError({
    code: 'E_DATASET',
    message: `there is no dataset '${config.name}'`,
    place: 'dataset.name',
    hints: [`one of ${Object.keys(datasets).join(', ')}`],
  });
}
