import { HeldoutError } from '../core/errors.js';
import { canonicalJson, isJsonObject, type JsonObject } from '../core/json.js';

/** What tables and figures call a job; no two jobs of a plan are called alike. */
export interface JobLabels {
  readonly dataset: string;
  readonly split: string;
  readonly model: string;
  readonly seed: string;
}

interface Labelled {
  /** What its model is called, where the config's own name is not enough. */
  readonly model?: string | undefined;
  readonly axes: Readonly<Record<string, string>>;
  readonly protocol: string;
  readonly config: JsonObject;
}

type Side = 'dataset' | 'split' | 'model';

/** The sections of a config that a label stands for. The first gives the name, by this field. */
const sides: Readonly<Record<Side, { readonly sections: readonly string[]; readonly field: string }>> = {
  dataset: { sections: ['dataset'], field: 'name' },
  split: { sections: ['split'], field: 'rule' },
  model: { sections: ['model', 'objective', 'protocol', 'training'], field: 'name' },
};

/**
 * Labels for the jobs of a plan: the option that an axis names, else the name of the model or the config's own name, and
 * what else is varied there (`mlp, learning_rate=0.002`). References have no more than their name, and dataset and
 * split as trained jobs on the same data. Throws HeldoutError when two jobs would be called alike.
 */
export function labelJobs(jobs: readonly Labelled[]): JobLabels[] {
  const trained = jobs.filter(({ protocol }) => protocol !== 'reference');
  const composed = trained.length === 0 ? jobs : trained;
  const names = nameAxes(composed);
  const [dataset, split, model] = (['dataset', 'split', 'model'] as const).map((side) =>
    labelSide(composed, side, names),
  ) as [LabelOf, LabelOf, LabelOf];
  const labels = jobs.map((job) => ({
    dataset: dataset(job),
    split: split(job),
    model: job.protocol === 'reference' ? nameOf(job, 'model') : model(job),
    seed: String(job.config.seed ?? ''),
  }));
  refuseTwins(jobs, labels);
  return labels;
}

type LabelOf = (job: Labelled) => string;

/** One label for each variant of a side's config, after the first job that has it. */
function labelSide(jobs: readonly Labelled[], side: Side, names: ReadonlyMap<string, string>): LabelOf {
  const variants = gather(jobs, (job) => variantOf(job, side));
  const alike = gather([...variants.values()], ([first]) => describeOwn(first!, side, names));
  const labels = new Map<string, string>();
  for (const [label, members] of alike) {
    for (const variant of members) {
      const first = variant[0]!;
      labels.set(variantOf(first, side), [label, ...describeForeign(first, members, names)].join(', '));
    }
  }
  return (job) => labels.get(variantOf(job, side)) ?? nameOf(job, side);
}

function gather<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function variantOf({ config }: Labelled, side: Side): string {
  return canonicalJson(sides[side].sections.map((section) => config[section] ?? null));
}

/** The name and the axes of the side itself. */
function describeOwn(job: Labelled, side: Side, names: ReadonlyMap<string, string>): string {
  const { sections, field } = sides[side];
  const extras = Object.entries(job.axes)
    .filter(([key]) => names.has(key) && key !== side && targetOf(key).join('.') !== `${side}.${field}`)
    .filter(([key]) => sections.includes(targetOf(key)[0]!))
    .map(([key, value]) => `${names.get(key)}=${value}`);
  return [job.axes[side] ?? nameOf(job, side), ...extras].join(', ');
}

/** Axes of no section (`experiment`, `debug`), where they are what tells variants of equal name apart. */
function describeForeign(
  job: Labelled,
  alike: readonly (readonly Labelled[])[],
  names: ReadonlyMap<string, string>,
): string[] {
  if (alike.length < 2) return [];
  const known = [...Object.values(sides).flatMap(({ sections }) => sections), 'seed'];
  return Object.keys(job.axes)
    .filter((key) => names.has(key) && !known.includes(targetOf(key)[0]!))
    .filter((key) => alike.every((members) => countValues(members, key) === 1))
    .map((key) => `${names.get(key)}=${job.axes[key]}`);
}

/** What an axis that varies is called: the last part of its key, and more of it where that is not enough. */
function nameAxes(jobs: readonly Labelled[]): ReadonlyMap<string, string> {
  const keys = [...new Set(jobs.flatMap(({ axes }) => Object.keys(axes)))].filter(
    (key) => countValues(jobs, key) > 1,
  );
  const endOf = (key: string, length: number) => targetOf(key).slice(-length).join('.');
  return new Map(
    keys.map((key) => {
      let length = 1;
      while (
        length < targetOf(key).length &&
        keys.some((other) => other !== key && endOf(other, length) === endOf(key, length))
      ) {
        length += 1;
      }
      return [key, endOf(key, length)];
    }),
  );
}

function countValues(jobs: readonly Labelled[], key: string): number {
  return new Set(jobs.map(({ axes }) => axes[key])).size;
}

/** The place in the config that an axis is about: `training/optimizer@training.second` is `training.second`. */
function targetOf(key: string): string[] {
  return key.replace(/^.*@/, '').split(/[./]/);
}

function nameOf({ config, model }: Labelled, side: Side): string {
  if (side === 'model' && model !== undefined) return model;
  const section = config[side];
  const value = isJsonObject(section) ? section[sides[side].field] : undefined;
  return typeof value === 'string' ? value : '';
}

function refuseTwins(jobs: readonly Labelled[], labels: readonly JobLabels[]): void {
  const known = new Map<string, Labelled>();
  for (const [index, label] of labels.entries()) {
    const key = canonicalJson(label);
    const job = jobs[index]!;
    const twin = known.get(key);
    known.set(key, job);
    if (twin === undefined) continue;
    const { dataset, split, model, seed } = label;
    throw new HeldoutError({
      code: 'E_LABELS_AMBIGUOUS',
      message: `two different jobs would both be called dataset ${dataset}, split ${split}, model ${model}, seed ${seed} in tables and figures`,
      place: `sweep over ${Object.keys(job.axes).join(', ')}`,
      hints: ['sweep over the keys that differ', 'run them as two studies: study.name=NAME'],
    });
  }
}
