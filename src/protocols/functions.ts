import { editFunctions } from '../models/neural-interpreter/edit-functions.js';
import { readSource } from './adapt/source.js';
import type { JobContext } from './context.js';
import { prepareMaterial } from './prepare.js';
import { trainAndEvaluate } from './supervised.js';
import type { Described } from './training/start/network.js';

/**
 * Takes up the neural interpreter of another run, with functions removed and added; trains it on if it is to, and
 * evaluates it. What comes of it is a run of its own, which needs the other no more once it has begun.
 */
export const functions = trainAndEvaluate(
  ({ config, dataFolder }) => prepareMaterial(config, dataFolder),
  beginWithEdited,
);

async function beginWithEdited({ config, run }: JobContext, { options, checkpoint }: Described) {
  const { protocol } = config;
  if (protocol.name !== 'functions') throw new Error(`the protocol is ${protocol.name}`);
  if (checkpoint !== undefined) return { options };
  const { run: id, step, parameters } = readSource(run.paths, protocol.from);
  const { remove, start } = protocol;
  run.log(`takes up run ${id} at step ${step}, without functions ${remove.join(', ') || '(none)'}`);
  const edited = editFunctions(parameters, options.parameters, { remove, copies: start === 'copies' });
  return { options: { ...options, parameters: edited }, origin: { run: id, step } };
}
