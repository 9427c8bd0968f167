import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { composeJobs, type ExperimentConfig, type Job } from '../../config/index.js';
import type { Arguments } from '../arguments/arguments.js';
import { composeArguments } from '../compose.js';
import { type Group, keyOf, listGroups } from './allowed-words.js';
import type { TrainedRun } from './trained-run.js';

/**
 * Jobs that evaluate a trained run as the words say, one for each point of a sweep: the run's own config, with options of
 * `dataset`, `split` and `evaluation` in the place of its own where the words choose them.
 */
export function composeEvaluated(
  source: TrainedRun,
  results: string,
  words: readonly string[],
  args: Arguments,
): readonly Job[] {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-evaluate-'));
  try {
    const file = join(folder, `${source.run}.yaml`);
    writeFileSync(file, stringify(writePrimary(source, results, listGroups(words))));
    // What an evaluation need not say is nothing that it lacks.
    const typedWords = words.map((word) => (/^evaluation\./.test(word) ? `++${word}` : word));
    const jobs = composeJobs(composeArguments({ ...args, config: file }, typedWords));
    const typed = words.some((word) => keyOf(word) === 'evaluation.references');
    return jobs.map((job) => ({ ...job, config: asTrained(job.config, source, typed) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The config of the run as the one that words are laid on; what they choose by a group is left to it. */
function writePrimary(
  { run, study, spec, weights, trained }: TrainedRun,
  results: string,
  chosen: readonly Group[],
): Readonly<Record<string, unknown>> {
  const { sweep: _swept, domainbed: _drawn, ...config } = spec.config as Record<string, unknown>;
  const own = Object.entries(config).filter(([section]) => !chosen.some((group) => group === section));
  const { title = '', group_set } = config.study as { title?: string; group_set?: string };
  const name = study.endsWith(suffix) ? study : `${study}${suffix}`;
  return {
    defaults: ['_self_', ...chosen.map((group) => ({ [group]: null }))],
    ...Object.fromEntries(own),
    study: {
      name,
      title: [title, 'evaluated otherwise'].filter(Boolean).join(', '),
      ...(group_set && { group_set }),
    },
    mode: 'run',
    replicas: 1,
    paths: { ...(config.paths as object), results },
    protocol: { name: 'evaluated', from: run, checkpoint: weights, ...trained },
  };
}

const suffix = '-evaluated';

/** Images enter the network as in its training. References answer from a training set, and there is none. */
function asTrained(
  { dataset, evaluation, ...config }: ExperimentConfig,
  { trained }: TrainedRun,
  withReferences: boolean,
): ExperimentConfig {
  const { normalise: _other, ...plain } = dataset as { readonly normalise?: unknown };
  const { normalise } = trained.dataset as { normalise?: object };
  return {
    ...config,
    dataset: { ...plain, ...(normalise && { normalise }) } as ExperimentConfig['dataset'],
    evaluation: withReferences ? evaluation : { ...evaluation, references: [] },
  };
}
