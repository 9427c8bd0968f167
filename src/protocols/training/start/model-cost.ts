import type { ExperimentConfig } from '../../../config/schema/root.js';
import { canonicalJson } from '../../../core/json.js';
import type { Dataset } from '../../../datasets/dataset.js';
import { type Cost, measureCost } from '../../../models/cost.js';
import type { Model } from '../../../models/model.js';
import { layOutHeads } from '../../../variables/targets.js';

/** Replicas are of one size, which is counted once; how a model predicts may be its objective's. */
const known = new Map<string, Cost>();

/** How large the model of a job is; the backend has been started. */
export function costOf(model: Model, config: ExperimentConfig, dataset: Dataset): Cost {
  const { inputs, table, targets } = dataset;
  const outputs = layOutHeads(table, targets).map(({ width }) => width);
  const { model: kind, objective, protocol } = config;
  const members = protocol.name === 'averaged' && protocol.of === 'logits' ? protocol.from.length : 1;
  const key = canonicalJson({ model: kind, objective, members, inputs, outputs });
  const cost = known.get(key) ?? measureCost(model, { inputs });
  known.set(key, cost);
  return cost;
}
