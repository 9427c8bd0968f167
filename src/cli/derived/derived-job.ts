import { isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import type { ComposedJob } from '../../sweeps/plan.js';

/** What a derived run is, beside what it takes over from the one that it is made of. */
interface Derivation {
  /** Whole, with the protocol that makes it. */
  readonly config: object;
  readonly axes: Readonly<Record<string, string>>;
  readonly label: string;
  /** What its weights are, in words: `mean of runs a, b`. */
  readonly derived: string;
}

/** The job that makes a run of one that is done, of which it keeps the overrides. */
export function derivedJob(
  { overrides }: Pick<ComposedJob, 'overrides'>,
  { config, axes, label, derived }: Derivation,
): ComposedJob {
  const own = config as JsonObject;
  const protocol = String(section(own, 'protocol').name);
  return { axes, label, protocol, config: own, composed: own, overrides, provenance: { derived } };
}

/** The section `training` where that is over: its averages are the weights, and the read-out was trained first. */
export function pastTraining(config: JsonObject, start: Json): JsonObject {
  const { read_out_first: _first, ...training } = section(config, 'training');
  return { ...training, average: { decay: null, start } };
}

/** A section of a config; empty where it has none. */
export function section(config: JsonObject, name: string): JsonObject {
  const value = config[name];
  return isJsonObject(value) ? value : {};
}
