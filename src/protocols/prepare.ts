import type { ExperimentConfig } from '../config/schema/root.js';
import type { Dataset } from '../datasets/dataset.js';
import { openDataset } from '../datasets/index.js';
import type { Cost } from '../models/cost.js';
import { addedTarget } from '../objectives/traits.js';
import { makeSplit } from '../splits/index.js';
import { encodeSplit } from '../splits/saved-split.js';
import { countSets, type Split } from '../splits/split.js';
import { nameLevels } from '../variables/levels.js';
import type { JobContext } from './context.js';
import { standardiseOn } from './standardise.js';
import { protectedVariable } from './training/groups/columns.js';

/** What every protocol begins with. */
export interface Material {
  readonly dataset: Dataset;
  readonly split: Split;
}

/** What a job that begins with another's weights says of them in its manifest; `weights` is the SHA-256 of their file. */
export type Origin =
  | { readonly run: string; readonly step: number; readonly weights?: string }
  | { readonly file: string; readonly weights: string };

export async function prepareMaterial(config: ExperimentConfig, dataFolder: string): Promise<Material> {
  const dataset = await openDataset(config.dataset, { dataFolder });
  const split = makeSplit(dataset.table, config.split);
  return { dataset: addTarget(standardiseOn(dataset, split.sets.train), config), split };
}

/** The dataset with the target that the objective adds, where something is trained that can answer it. */
export function addTarget(
  dataset: Dataset,
  { objective, protocol }: Pick<ExperimentConfig, 'objective' | 'protocol'>,
): Dataset {
  if (protocol.name === 'reference' || protocol.name === 'fitted') return dataset;
  const added = addedTarget(objective, () => protectedVariable(dataset, `the objective ${objective.name}`));
  return added === undefined
    ? dataset
    : { ...dataset, targets: [...dataset.targets, added], beside: [added.name] };
}

/** Writes the manifest, which refuses another split than the run began with, and split.json; tells the parent that work begins. */
export function announce(
  { run, environment, emit }: JobContext,
  { dataset, split }: Material,
  engine: { readonly tier: string; readonly [fact: string]: string | number | boolean | readonly string[] },
  resumedFrom: number,
  model?: Cost,
  origin?: Origin,
): void {
  const facts = {
    data: {
      name: dataset.name,
      fingerprint: dataset.fingerprint,
      examples: dataset.table.size,
      ...(dataset.environment !== undefined && {
        environments: nameLevels(dataset.table.variable(dataset.environment)),
      }),
      ...(origin && { origin }),
    },
    split: { ...countSets(split.sets), rule: split.rule, hash: split.hash },
    ...(model && { model }),
    engine,
    environment: environment.environment,
  };
  run.begin(facts, environment.patch);
  run.writeFile('split', encodeSplit(split));
  for (const note of dataset.table.notes ?? []) run.log(`data: ${note}`);
  for (const sentence of split.statement) run.log(`split ${split.rule}: ${sentence}`);
  emit({ type: 'started', run: run.id, backend: engine.tier, resumedFrom });
}
