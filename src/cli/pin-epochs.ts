import type { ExperimentConfig, Job } from '../config/index.js';
import { canonicalJson, type Json } from '../core/json.js';
import type { VariableTable } from '../variables/variable.js';
import { dataFolderOf } from './jobs/data-folder.js';

interface Size {
  readonly examples: number;
  /** Environments that they are of; 1 where the dataset names none. */
  readonly environments: number;
}

/**
 * Jobs that name epochs get the updates that these are: epochs times ⌈n / rows of a batch⌉, as of a loader that keeps its
 * last, smaller batch, for the n examples that the split (and the shots of an adaptation) leave for training. Batches of
 * environments have as many rows of each.
 */
export async function pinEpochs(jobs: readonly Job[]): Promise<readonly Job[]> {
  if (jobs.every(({ config }) => config.training.epochs === undefined)) return jobs;
  const [{ openTable }, { makeSplit }, { drawShots }] = await Promise.all([
    import('../datasets/index.js'),
    import('../splits/index.js'),
    import('../splits/shots.js'),
  ]);
  const tables = new Map<string, VariableTable>();
  const sizes = new Map<string, Size>();
  const openOnce = async (config: ExperimentConfig): Promise<VariableTable> => {
    const key = canonicalJson(config.dataset as unknown as Json);
    const table = tables.get(key) ?? (await openTable(config.dataset, { dataFolder: dataFolderOf(config) }));
    tables.set(key, table);
    return table;
  };
  const count = async (config: ExperimentConfig): Promise<Size> => {
    const { dataset, split, protocol } = config;
    const shots = protocol.name === 'adapt' ? protocol.shots : null;
    const key = canonicalJson([dataset, split, shots] as unknown as Json);
    const known = sizes.get(key);
    if (known !== undefined) return known;
    const table = await openOnce(config);
    const { train } = makeSplit(table, split).sets;
    const by = table.label;
    const own =
      shots === null || by === undefined ? train : drawShots(table, train, { by, count: shots, draw: 0 });
    const environment = table.environment === undefined ? undefined : table.column(table.environment);
    const found = environment === undefined ? 1 : new Set(own.map((example) => environment[example]!)).size;
    const size = { examples: own.length, environments: found };
    sizes.set(key, size);
    return size;
  };
  const pinned: Job[] = [];
  for (const job of jobs) {
    const { training } = job.config;
    const { epochs } = training;
    if (epochs === undefined) {
      pinned.push(job);
      continue;
    }
    const size = await count(job.config);
    const steps = epochs * Math.ceil(size.examples / rowsOf(training, size));
    pinned.push({ ...job, config: { ...job.config, training: { ...training, steps } } });
  }
  return pinned;
}

/** Of a batch. */
function rowsOf(
  { environments, batch_size }: ExperimentConfig['training'],
  { examples, environments: count }: Size,
): number {
  if (environments === 'all') return examples;
  return environments === undefined ? batch_size : batch_size * count;
}
