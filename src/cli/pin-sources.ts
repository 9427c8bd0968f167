import { parse } from 'yaml';
import type { ExperimentConfig, Job } from '../config/index.js';
import { HeldoutError } from '../core/errors.js';
import { readTextIfThere } from '../core/files/files.js';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { listRuns } from '../runs/list.js';
import { resultsOf } from './output/results.js';

/**
 * Jobs that begin with a run of a study, which the config names, get the name of that run: it decides their numbers,
 * and so their own names. Throws HeldoutError where the study has no such run, or several.
 */
export function pinSources(jobs: readonly Job[]): readonly Job[] {
  const studies = new Map<string, readonly Trained[]>();
  return jobs.map((job) => {
    const { protocol } = job.config;
    if (protocol.name !== 'adapt' || /^[0-9a-f]{10}$/.test(protocol.from)) return job;
    const study = protocol.from;
    const trained = studies.get(study) ?? listTrained(resultsOf(job.config), study);
    studies.set(study, trained);
    const from = findRun(job.config, study, protocol.from_seed, trained);
    return { ...job, config: { ...job.config, protocol: { ...protocol, from } } };
  });
}

interface Trained {
  readonly run: string;
  readonly config: JsonObject;
}

/** Runs of a study that trained from the start to the end. */
function listTrained(resultsFolder: string, study: string): readonly Trained[] {
  return listRuns(resultsFolder, study).flatMap(({ run, paths, status }) => {
    if (status?.stages.trained === undefined) return [];
    const config: Json = parse(readTextIfThere(paths.resolved) ?? '') as Json;
    const isSupervised = isJsonObject(config) && nameOf(config, 'protocol') === 'supervised';
    return isSupervised ? [{ run, config }] : [];
  });
}

function findRun(config: ExperimentConfig, study: string, seed: number, trained: readonly Trained[]): string {
  const model = canonicalJson(config.model as unknown as Json);
  const fitting = trained.filter(
    ({ config: own }) => canonicalJson(own.model ?? null) === model && own.seed === seed,
  );
  if (fitting.length === 1) return fitting[0]!.run;
  const wanted = `model ${config.model.name} (with all its options) and seed ${seed}`;
  const listed = (fitting.length > 0 ? fitting : trained).map(describe);
  throw new HeldoutError({
    code: 'E_ADAPT_SOURCE',
    message:
      trained.length === 0
        ? `there is no study '${study}' with a trained run in ${resultsOf(config)}`
        : `the study '${study}' has ${fitting.length === 0 ? 'no trained run' : `${fitting.length} trained runs`} with ${wanted}`,
    place: 'protocol.from',
    hints: [
      ...listed.slice(0, 2),
      listed.length > 2
        ? `${listed.length - 2} more: npm run experiment -- status ${study}`
        : 'npm run experiment -- status lists the studies and runs',
    ],
  });
}

function describe({ run, config }: Trained): string {
  const names = [...['dataset', 'model'].map((section) => nameOf(config, section)), `seed ${config.seed}`];
  return `protocol.from=${run}  (${names.join(', ')})`;
}

function nameOf(config: JsonObject, section: string): string {
  const value = config[section];
  return isJsonObject(value) ? String(value.name) : '';
}
