import type { ExperimentConfig } from '../config/schema/root.js';
import type { JobContext, JobEnd, Protocol } from './context.js';
import { explainMemory } from './explain-memory.js';

export { recomputeRecord } from './evaluation/recompute.js';

type ProtocolName = ExperimentConfig['protocol']['name'];

/** Loaded on demand: the map itself needs no TensorFlow, and a reference never does. */
const protocols: Readonly<Record<ProtocolName, () => Promise<Protocol>>> = {
  supervised: async () => (await import('./supervised.js')).supervised,
  adapt: async () => (await import('./adapt.js')).adapt,
  functions: async () => (await import('./functions.js')).functions,
  reference: async () => (await import('./reference.js')).reference,
  fitted: async () => (await import('./fitted.js')).fitted,
  averaged: async () => (await import('./averaged.js')).averaged,
  dfr: async () => (await import('./dfr.js')).dfr,
  merged: async () => (await import('./merged.js')).merged,
  pruned: async () => (await import('./pruned.js')).pruned,
  evaluated: async () => (await import('./evaluated.js')).evaluated,
};

export const protocolNames: readonly string[] = Object.keys(protocols);

/** Does what the config's protocol does, from where an earlier attempt stopped. */
export function runProtocol(context: JobContext): Promise<JobEnd> {
  return work('run', context);
}

/** Makes predictions and record anew from a run whose training is complete. */
export function evaluateRun(context: JobContext): Promise<JobEnd> {
  return work('evaluate', context);
}

async function work(what: keyof Protocol, context: JobContext): Promise<JobEnd> {
  const { config, replica } = context;
  const protocol = await protocols[config.protocol.name]();
  try {
    return await protocol[what](context);
  } catch (error) {
    throw explainMemory(error, config, replica?.size ?? 1);
  }
}
