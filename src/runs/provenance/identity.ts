import { identify } from '../../core/hash.js';
import { isJsonObject, type JsonObject } from '../../core/json.js';
import { RUN_SCHEMA } from '../schema.js';

/** What decides the numbers of a run in principle; everything else in a config may change freely. */
const sections = ['dataset', 'split', 'model', 'protocol'] as const;
/**
 * The same, of a run that trains: a reference is equal for all trainings beside which it stands, and so is a model that is
 * fitted without.
 */
const trainedSections = [...sections, 'objective', 'training'] as const;

/** The run's name on disk: 10 hex digits that follow from what decides its numbers, seed included. */
export function runId(config: JsonObject): string {
  // A reference draws nothing.
  return identify({ ...decisiveParts(config), ...(isReference(config) ? {} : { seed: config.seed }) });
}

/** The key to average over: like `runId`, but equal for all seeds. */
export function groupId(config: JsonObject): string {
  return identify(decisiveParts(config));
}

/** Which evaluation a run's predictions came from: a changed one is made anew without training. */
export function evaluationId(config: JsonObject): string {
  const { references: _others, ...evaluation } = isJsonObject(config.evaluation) ? config.evaluation : {};
  return identify({ schema: RUN_SCHEMA, evaluation });
}

function decisiveParts(config: JsonObject): Record<string, unknown> {
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, name === 'model' ? modelOf(config) : config[name]]));
  // A reference is nothing but its evaluation: another one must not replace the numbers of other studies.
  if (isReference(config)) return { schema: RUN_SCHEMA, ...pick(sections), evaluation: evaluationId(config) };
  // Asked for once more on other data or by other measures, it is another run beside the first.
  if (isOf(config, 'evaluated')) {
    return { schema: RUN_SCHEMA, ...pick([...sections, 'objective']), evaluation: evaluationId(config) };
  }
  const parts = pick(isOf(config, 'fitted') ? sections : trainedSections);
  if (!isJsonObject(parts.training)) return { schema: RUN_SCHEMA, ...parts };
  // How often the state is saved moves no number, in contrast to what decides the lines of metrics.jsonl.
  const { checkpoint_every: _saved, ...training } = parts.training;
  return { schema: RUN_SCHEMA, ...parts, training };
}

/** Of a file of weights what is in it counts, wherever it lies. */
function modelOf({ model }: JsonObject): unknown {
  if (!isJsonObject(model) || model.weights_sha256 === undefined) return model;
  const { weights: _path, ...rest } = model;
  return rest;
}

function isReference(config: JsonObject): boolean {
  return isOf(config, 'reference');
}

function isOf({ protocol }: JsonObject, name: string): boolean {
  return isJsonObject(protocol) && protocol.name === name;
}
