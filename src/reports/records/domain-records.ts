import { findByConfigName } from '../../config/domainbed/catalogue.js';
import { followsFromDraw, placesOf } from '../../config/domainbed/hyper-parameters/places.js';
import { plainHyperParameters } from '../../config/domainbed/hyper-parameters/registry.js';
import type { Path } from '../../config/tree.js';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { runFolder, runPaths } from '../../runs/folder.js';
import { readManifest } from '../../runs/provenance/manifest.js';
import { accuracyName, type DomainRecord, hasScalar } from '../../selection/domain-record.js';
import type { Plan, PlannedJob } from '../../sweeps/plan.js';
import { type MetricRecord, readMetrics } from '../../tracking/metrics-log.js';
import { tellTwinsApart } from './domain-twins.js';

/** The checkpoints of a run that was trained by DomainBed's protocol, in the shape of its records. */
export interface DomainRun {
  readonly job: PlannedJob;
  /** What the config calls the dataset, as tables do. */
  readonly dataset: string;
  /** Names of all environments, by their index. */
  readonly environments: readonly string[];
  readonly records: readonly DomainRecord[];
}

/**
 * Those of a plan's jobs: what DomainBed calls them is in `domainbed`, and environments are held out by `split.test`. Runs
 * that kept nothing to choose by of some environment (`split.holdout=0`) are none of them.
 */
export function readDomainRuns(
  { study }: Plan,
  resultsFolder: string,
  jobs: readonly PlannedJob[],
): readonly DomainRun[] {
  const runs = jobs.flatMap((job): DomainRun[] => {
    const { domainbed, split, dataset } = job.config;
    if (job.protocol === 'reference' || !isJsonObject(domainbed)) return [];
    if (!isJsonObject(split) || !isJsonObject(dataset) || !Array.isArray(split.test)) return [];
    const paths = runPaths(runFolder(resultsFolder, study, job.run));
    const environments = namesOf(readManifest(paths)?.data.environments);
    const lines = readMetrics(paths.metrics).filter(({ kind }) => kind === 'environments');
    if (environments.length === 0 || lines.length === 0) return [];
    const held = split.test.map((one) => (typeof one === 'number' ? one : environments.indexOf(String(one))));
    const name = findByConfigName(String(dataset.name));
    const common = describeTraining(job, domainbed, name, held);
    const records = lines.map(
      (line): DomainRecord => ({
        ...common,
        step: Number(line.step),
        ...readAccuracies(line, environments, held),
      }),
    );
    if (!records.every((record) => isWhole(record, environments.length))) return [];
    return [{ job, dataset: job.labels.dataset, environments, records }];
  });
  return tellTwinsApart(runs);
}

/** Rules count environments up to the first that lacks an accuracy: they would leave out all that follow. */
function isWhole(record: DomainRecord, environments: number): boolean {
  return Array.from({ length: environments }, (_, at) => at).every(
    (at) => hasScalar(record, accuracyName(at, 'in')) && hasScalar(record, accuracyName(at, 'out')),
  );
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function describeTraining(
  { config, composed }: PlannedJob,
  domainbed: JsonObject,
  dataset: string,
  held: readonly number[],
): Pick<DomainRecord, 'args' | 'hparams'> {
  const algorithm = String(domainbed.algorithm);
  const [draw, trial] = [Number(domainbed.hparams_seed), Number(domainbed.trial_seed)];
  const { steps } = isJsonObject(config.training) ? config.training : {};
  const { holdout = 0.2 } = isJsonObject(config.split) ? config.split : {};
  const drawn = plainHyperParameters(algorithm, dataset, draw, trial);
  return {
    args: {
      ...{
        dataset,
        algorithm: String(domainbed.as ?? algorithm),
        test_envs: held,
        hparams_seed: draw,
        trial_seed: trial,
      },
      seed: config.seed,
      steps,
      holdout_fraction: holdout,
      task: 'domain_generalization',
      data_dir: 'data',
    },
    hparams: {
      ...drawn,
      ...readTyped(domainbed),
      ...readOwn(algorithm, config, composed),
      ...trainedWith(config, 'lr_g' in drawn ? '_g' : ''),
    },
  };
}

/** What was typed by DomainBed's names. */
function readTyped({ hparams }: JsonObject): Readonly<Record<string, number | boolean | string>> {
  return isJsonObject(hparams) ? (hparams as Record<string, number | boolean | string>) : {};
}

/** What was typed by the project's own names (`objective.strength`), by DomainBed's. */
function readOwn(
  algorithm: string,
  config: JsonObject,
  composed: Json,
): Readonly<Record<string, number | boolean | string>> {
  const at = (root: Json, path: Path) =>
    path.reduce<Json | undefined>((node, key) => (isJsonObject(node) ? node[key] : undefined), root);
  return Object.fromEntries(
    placesOf(algorithm).flatMap(({ name, path }) => {
      const written = at(composed, path);
      const value = at(config, path);
      if (written === undefined || followsFromDraw(written)) return [];
      return ['number', 'boolean', 'string'].includes(typeof value) ? [[name, value as number]] : [];
    }),
  );
}

/** What was typed in place of the draw, of what all algorithms have; of two players the network's, `lr_g`. */
function trainedWith(
  { training }: JsonObject,
  player: '_g' | '',
): Readonly<Record<string, number | boolean | string>> {
  const { batch_size, optimizer } = isJsonObject(training) ? training : {};
  const { learning_rate, weight_decay } = isJsonObject(optimizer) ? optimizer : {};
  const found = { batch_size, [`lr${player}`]: learning_rate, [`weight_decay${player}`]: weight_decay };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  );
}

/** By DomainBed's names: of a test environment, in is what is reported, out what the oracle looks at. */
function readAccuracies(
  line: MetricRecord,
  environments: readonly string[],
  held: readonly number[],
): Readonly<Record<string, number>> {
  const found = environments.flatMap((level, index) => {
    const sets = held.includes(index) ? (['test', 'test_out'] as const) : (['train', 'validation'] as const);
    return (['in', 'out'] as const).flatMap((split, at) => {
      const value = line[`${sets[at]}/${level}`];
      return typeof value === 'number' ? [[accuracyName(index, split), value] as const] : [];
    });
  });
  return Object.fromEntries(found);
}
