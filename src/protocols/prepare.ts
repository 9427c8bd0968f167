import type { ExperimentConfig } from '../config/schema/root.js';
import type { Dataset } from '../datasets/dataset.js';
import { openDataset } from '../datasets/index.js';
import type { RunHandle } from '../runs/run.js';
import { makeSplit } from '../splits/index.js';
import { loadSplit, saveSplit, verifySplit } from '../splits/saved-split.js';
import type { Split } from '../splits/split.js';
import type { JobContext } from './context.js';

/** What every protocol begins with. */
export interface Material {
  readonly dataset: Dataset;
  readonly split: Split;
}

export async function prepareMaterial(config: ExperimentConfig, dataFolder: string): Promise<Material> {
  const dataset = await openDataset(config.dataset, { dataFolder });
  return { dataset, split: makeSplit(dataset.table, config.split) };
}

/** Writes split.json; a run with training behind it must still have the split that it began with. */
export function keepSplit(run: RunHandle, split: Split, resumedFrom: number): void {
  const saved = resumedFrom > 0 ? loadSplit(run.paths.split) : undefined;
  if (saved === undefined) saveSplit(run.paths.split, split);
  else verifySplit(run.paths.split, saved, split);
}

/** Writes the manifest and tells the parent that work begins. */
export function announce(
  { run, environment, emit }: JobContext,
  { dataset, split }: Material,
  engine: { readonly tier: string; readonly [fact: string]: string | number | readonly string[] },
  resumedFrom: number,
): void {
  keepSplit(run, split, resumedFrom);
  const facts = {
    data: { name: dataset.name, fingerprint: dataset.fingerprint, examples: dataset.table.size },
    split: {
      rule: split.rule,
      hash: split.hash,
      train: split.sets.train.length,
      test: split.sets.test.length,
    },
    engine,
    environment: environment.environment,
  };
  run.begin(facts, environment.patch);
  for (const sentence of split.statement) run.log(`split ${split.rule}: ${sentence}`);
  emit({ type: 'started', run: run.id, backend: engine.tier, resumedFrom });
}
