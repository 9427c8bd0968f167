import { join } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import type { NamedArrays } from '../../engine/engine.js';
import { withoutObjective } from '../../objectives/own-parameters.js';
import { findLastGoodCheckpoint } from '../../runs/checkpoints/checkpoints.js';
import type { RunPaths } from '../../runs/folder.js';
import { listRuns } from '../../runs/list.js';

/** What a run ended with. */
export interface Source {
  readonly run: string;
  readonly step: number;
  /** Of its model: the averages, where its training kept them. */
  readonly parameters: NamedArrays;
}

/**
 * Reads the last checkpoint of a run whose training is complete, wherever it lies among the results of which `own` is
 * one. Throws HeldoutError where there is none.
 */
export function readSource(own: RunPaths, id: string): Source {
  const resultsFolder = join(own.folder, '..', '..', '..');
  const found = listRuns(resultsFolder).filter(({ run }) => run === id);
  const trained = found.find(({ status }) => status?.stages.trained !== undefined);
  if (trained === undefined) {
    const why =
      found.length === 0
        ? `there is no run ${id} in ${resultsFolder}`
        : `the training of run ${id} is not complete`;
    throw refuse(why, ['npm run experiment -- status lists the runs', 'protocol.from=RUN']);
  }
  const { checkpoint } = findLastGoodCheckpoint(trained.paths.checkpoints, id);
  if (checkpoint === undefined) {
    throw refuse(`run ${id} has no good checkpoint`, ['run the command that trained it again']);
  }
  const { parameters, slots, step } = checkpoint.state;
  const averaged = Object.entries(parameters).map(([name, array]) => [
    name,
    slots[`${name}/average`] ?? array,
  ]);
  return { run: id, step, parameters: withoutObjective(Object.fromEntries(averaged)) };
}

function refuse(message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_ADAPT_SOURCE', message, place: 'protocol.from', hints, exitCode: 1 });
}
