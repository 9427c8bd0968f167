import { composeJobs, type ExperimentConfig, type Job, type Study } from '../config/index.js';
import { identify } from '../core/hash.js';
import type { JsonObject } from '../core/json.js';
import { evaluationId, runId } from '../runs/provenance/identity.js';
import { buildPlan, type ComposedJob, type Plan } from '../sweeps/plan.js';
import { pinEpochs } from './pin-epochs.js';
import { pinSources } from './pin-sources.js';
import { pinWeights } from './pin-weights.js';

/** Composes and freezes everything that a command line asks for: its runs, and one reference of each kind per split. */
export async function planStudy(study: Study): Promise<Plan> {
  const jobs = await pinEpochs(pinSources(await pinWeights(composeJobs(study))));
  const first = jobs[0];
  if (first === undefined) throw new Error('a study has at least one job');
  const composed = [...jobs.map(toComposed), ...jobs.flatMap(listReferences)];
  const { name } = first.config.study;
  const plan = buildPlan(name, name, composed);
  return isAltered(study) ? nameAltered(plan) : plan;
}

/** A plan beside others of its study: named by what it runs. */
export function nameAltered(plan: Plan): Plan {
  return { ...plan, name: `${plan.study}@${fingerprint(plan)}` };
}

/** Whether a job trains: references answer without. */
export function isTrained({ protocol }: Plan['jobs'][number]): boolean {
  return protocol !== 'reference';
}

/** A job as plans have it. */
export function toComposed(job: Job): ComposedJob {
  return {
    axes: job.point,
    model: nameModel(job),
    ...(Object.keys(job.point).length === 0 ? { label: describeConfig(job) } : {}),
    protocol: job.config.protocol.name,
    config: job.config as unknown as JsonObject,
    composed: job.composed,
    overrides: job.overrides,
    provenance: job.provenance as unknown as JsonObject,
  };
}

/** By the file that was chosen: several may be of one architecture. */
function nameModel({ choices, config }: Job): string {
  return typeof choices.model === 'string' ? choices.model : config.model.name;
}

/** What a run without axes is called. */
function describeConfig(job: Job): string {
  const { split, seed } = job.config;
  return `model=${nameModel(job)} split=${split.rule} seed=${seed}`;
}

/** Predictors without training on a job's dataset and split; the plan keeps one of each, with the seed of the first. */
export function listReferences(job: Job): ComposedJob[] {
  if (job.config.protocol.name === 'reference') return [];
  return job.config.evaluation.references.map((name): ComposedJob => {
    const config: ExperimentConfig = {
      ...job.config,
      model: { name },
      protocol: { name: 'reference' },
    };
    const ofData = Object.entries(job.point).filter(([key]) => /^(dataset|split)\b/.test(key));
    return {
      axes: { model: name, ...Object.fromEntries(ofData) },
      protocol: 'reference',
      config: config as unknown as JsonObject,
      composed: config as unknown as JsonObject,
      overrides: job.overrides,
      provenance: { derived: `reference of evaluation.references for split ${config.split.rule}` },
    };
  });
}

/** Keys that change how a study is run, or say which it is, not what it is: its tables stay its own. */
const neutral = /^(\+\+|\+|~)?(engine|launcher|paths|experiment)\b/;

function isAltered(study: Study): boolean {
  return (
    study.parts.length > 0 ||
    study.overrides.some(({ place, override }) => place.kind === 'argument' && !neutral.test(override.key))
  );
}

function fingerprint(plan: Plan): string {
  return identify(
    plan.jobs.map((job) => [runId(job.config), evaluationId(job.config)]),
    6,
  );
}
