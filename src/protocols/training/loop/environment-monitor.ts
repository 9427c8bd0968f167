import { scorePredictions } from '../../../evaluation/index.js';
import { sampleSet } from '../../../splits/sample.js';
import { divideByLevel } from '../../../variables/by-level.js';
import type { JobContext } from '../../context.js';
import { createPredictor } from '../../evaluation/predict.js';
import { predictorOptions } from '../../evaluation/read-network.js';
import { tabulate } from '../../evaluation/tabulate.js';
import { environmentVariable } from '../batches/environments.js';
import type { Network } from '../start/network.js';

/**
 * Writes the accuracy in every environment of every set to the metrics, as `SET/LEVEL` in records of the kind
 * `environments`: what a checkpoint and a run are selected by. Test sets are among them, for selections that say they are
 * an oracle's. It looks only. Undefined where the config asks for none.
 */
export function createEnvironmentMonitor(
  { config, run }: JobContext,
  network: Pick<Network, 'material' | 'model' | 'trainer'>,
): ((step: number) => Promise<void>) | undefined {
  const { environments: most } = config.training.monitor;
  if (most === undefined) return undefined;
  const { material } = network;
  const { dataset, split } = material;
  const variable = environmentVariable(dataset, 'training.monitor.environments');
  const samples = Object.entries(split.sets).map(([set, examples]) => {
    const members = divideByLevel(dataset.table, variable.name, examples);
    const chosen = members.flatMap((own, level) => [
      ...sampleSet(own, most, config.seed, `environments ${set} ${level}`),
    ]);
    return { set, examples: Uint32Array.from(chosen).sort() };
  });
  const predict = createPredictor(predictorOptions(config, network));
  return async (step) => {
    const parts = [];
    for (const { set, examples } of samples) {
      if (examples.length > 0) parts.push({ set, examples, predictions: await predict(examples) });
    }
    const rows = scorePredictions(tabulate(material, parts), ['accuracy'], { groups: [[variable.name]] });
    const found = rows.flatMap(({ set, group, value }) =>
      group.by === variable.name ? [[`${set}/${group.group}`, value] as const] : [],
    );
    run.metrics.append({ kind: 'environments', step, ...Object.fromEntries(found) });
  };
}
