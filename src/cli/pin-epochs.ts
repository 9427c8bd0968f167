import type { ExperimentConfig, Job } from '../config/index.js';
import { canonicalJson, type Json } from '../core/json.js';
import type { VariableTable } from '../variables/variable.js';
import { dataFolderOf } from './jobs/data-folder.js';

/**
 * Jobs that name epochs get the updates that these are: epochs times ⌈n / batch size⌉, as of a loader that keeps its last,
 * smaller batch, for the n examples that the split (and the shots of an adaptation) leave for training.
 */
export async function pinEpochs(jobs: readonly Job[]): Promise<readonly Job[]> {
  if (jobs.every(({ config }) => config.training.epochs === undefined)) return jobs;
  const [{ openTable }, { makeSplit }, { drawShots }] = await Promise.all([
    import('../datasets/index.js'),
    import('../splits/index.js'),
    import('../splits/shots.js'),
  ]);
  const tables = new Map<string, VariableTable>();
  const sizes = new Map<string, number>();
  const openOnce = async (config: ExperimentConfig): Promise<VariableTable> => {
    const key = canonicalJson(config.dataset as unknown as Json);
    const table = tables.get(key) ?? (await openTable(config.dataset, { dataFolder: dataFolderOf(config) }));
    tables.set(key, table);
    return table;
  };
  const count = async (config: ExperimentConfig): Promise<number> => {
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
    sizes.set(key, own.length);
    return own.length;
  };
  const pinned: Job[] = [];
  for (const job of jobs) {
    const { training } = job.config;
    const { epochs, batch_size } = training;
    if (epochs === undefined) {
      pinned.push(job);
      continue;
    }
    const steps = epochs * Math.ceil((await count(job.config)) / batch_size);
    pinned.push({ ...job, config: { ...job.config, training: { ...training, steps } } });
  }
  return pinned;
}
