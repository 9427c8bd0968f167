import { join } from 'node:path';
import { parse } from 'yaml';
import type { ExperimentConfig } from '../../config/schema/root.js';
import { HeldoutError } from '../../core/errors.js';
import { readTextIfThere } from '../../core/files/files.js';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import type { NamedArrays } from '../../engine/engine.js';
import { findLastGoodCheckpoint } from '../../runs/checkpoints/checkpoints.js';
import type { RunPaths } from '../../runs/folder.js';
import { listRuns } from '../../runs/list.js';

/**
 * Parameters of the runs that a config averages, those of its objective among them, averages where the training kept them;
 * `names` are those of the whole. Throws HeldoutError where a run is missing or not done, has other parameters, or, where
 * weights are averaged, began with others.
 */
export function readMembers(
  own: RunPaths,
  { protocol }: ExperimentConfig,
  names: readonly string[],
): readonly NamedArrays[] {
  if (protocol.name !== 'averaged') throw new Error(`the protocol is ${protocol.name}`);
  const { of, from } = protocol;
  const all = listRuns(join(own.folder, '..', '..', '..'));
  const runs = from.map((id) => {
    const trained = all.find(({ run, status }) => run === id && status?.stages.trained !== undefined);
    if (trained === undefined) throw refuse('E_AVERAGE_RUN', `there is no trained run ${id}`, []);
    const config = parse(readTextIfThere(trained.paths.resolved) ?? '') as Json;
    return { id, paths: trained.paths, config: isJsonObject(config) ? config : {} };
  });
  if (of === 'weights') requireOneStart(runs);
  const wanted = of === 'weights' ? names : namesOfFirst(names);
  return runs.map(({ id, paths }) => {
    const { checkpoint } = findLastGoodCheckpoint(paths.checkpoints, id);
    if (checkpoint === undefined) throw refuse('E_AVERAGE_RUN', `run ${id} has no good checkpoint`, []);
    const { parameters, slots } = checkpoint.state;
    const missing = wanted.find((name) => !(name in parameters));
    if (missing !== undefined) {
      throw refuse('E_AVERAGE_RUN', `run ${id} has no parameter ${missing}, which others have`, []);
    }
    return Object.fromEntries(wanted.map((name) => [name, slots[`${name}/average`] ?? parameters[name]!]));
  });
}

/** A run and its config. */
export interface Begun {
  readonly id: string;
  readonly config: JsonObject;
}

/** Throws HeldoutError unless all runs began with the same weights: means of others lie nowhere near any of them. */
export function requireOneStart(runs: readonly Begun[]): void {
  const [first, ...others] = runs.map(({ id, config }) => ({ id, start: describeStart(config) }));
  const other = others.find(({ start }) => start !== first!.start);
  if (other === undefined) return;
  throw refuse(
    'E_AVERAGE_STARTS',
    `runs ${first!.id} and ${other.id} began with different weights (${first!.start} and ${other.start}), so their weights cannot be averaged`,
    [
      'train the runs with one seed, which the start follows from: seed=0 training.optimizer.learning_rate=1e-3,3e-4',
      'method=eoa averages their outputs, which needs no common start',
    ],
  );
}

/** What the weights follow from that a training begins with. */
function describeStart({ seed, model, protocol }: JsonObject): string {
  const source = isJsonObject(protocol) && protocol.name === 'adapt' ? `, from ${protocol.from}` : '';
  return `seed ${seed}${source}, model ${canonicalJson(model ?? null)}`;
}

/** Of an ensemble's parameters those of its first member. */
function namesOfFirst(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => (name.startsWith('member0/') ? [name.slice('member0/'.length)] : []));
}

function refuse(code: string, message: string, hints: readonly string[]): HeldoutError {
  const more = hints.length > 0 ? hints : ['npm run experiment -- status lists the runs'];
  return new HeldoutError({ code, message, place: 'protocol.from', hints: more, exitCode: 1 });
}
