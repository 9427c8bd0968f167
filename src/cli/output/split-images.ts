import type { ExperimentConfig } from '../../config/index.js';
import type { ImageSample } from '../../figures/drawing.js';
import type { SplitImages } from '../../figures/images-per-split.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { dataFolderOf } from '../jobs/data-folder.js';

const perSide = 8;

/** A few images of every set of every split of a plan, the same on every call; none of what has no images. */
export async function sampleSplitImages(jobs: readonly PlannedJob[]): Promise<readonly SplitImages[]> {
  const [{ openDataset }, { showPixels }, { makeSplit }, { sampleSet }] = await Promise.all([
    import('../../datasets/index.js'),
    import('../../datasets/images/shown-pixels.js'),
    import('../../splits/index.js'),
    import('../../splits/sample.js'),
  ]);
  const bySplit = new Map(jobs.map((job) => [JSON.stringify([job.config.dataset, job.config.split]), job]));
  const drawn = await Promise.all(
    [...bySplit.values()].map(async (job): Promise<readonly SplitImages[]> => {
      const config = job.config as unknown as ExperimentConfig;
      const dataset = await openDataset(config.dataset, { dataFolder: dataFolderOf(config) });
      if (dataset.inputs.image === undefined) return [];
      const split = makeSplit(dataset.table, config.split);
      const [height = 0, width = 0, channels = 1] = dataset.inputs.image;
      const draw = (set: string, examples: Uint32Array) =>
        Array.from(sampleSet(examples, perSide, 0, `figure-${set}`), (example): ImageSample => {
          const values = new Float32Array(height * width * channels);
          dataset.fill('image', [example], values);
          return { width, height, ...showPixels(values, channels) };
        });
      const sets = Object.entries(split.sets).map(([set, examples]) => [set, draw(set, examples)] as const);
      return [{ rule: job.labels.split, statement: split.statement, sets: Object.fromEntries(sets) }];
    }),
  );
  return drawn.flat();
}
