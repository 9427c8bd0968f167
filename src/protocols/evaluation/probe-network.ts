import type { ExperimentConfig } from '../../config/schema/root.js';
import { HeldoutError } from '../../core/errors.js';
import type { NamedArrays, Trainer } from '../../engine/engine.js';
import type { RecordRow } from '../../evaluation/predictions.js';
import { probeAll, type Question, type Reading } from '../../evaluation/probes/battery.js';
import { probeNames } from '../../evaluation/probes/rows.js';
import type { JobContext } from '../context.js';
import type { Material } from '../prepare.js';
import { holdParameters } from '../pruning/hold-parameters.js';
import type { Network } from '../training/start/network.js';
import { describeStep } from '../training/step/training-step.js';
import type { Measured } from './evaluate.js';
import { readBatches } from './predict.js';
import { predictorOptions } from './read-network.js';
import { countExamples, examplesOf, type Samples } from './samples.js';

type Probed = Pick<Network, 'material' | 'model' | 'trainer' | 'engine'>;

/**
 * Throws HeldoutError where a config asks for probes and there cannot be any: no such variable, none that is protected, a
 * variable of one level in training, no set to choose on, or a model without a layer to read.
 */
export function requireProbes(
  config: ExperimentConfig,
  { material, model }: Pick<Probed, 'material' | 'model'>,
): void {
  const { probes } = config.evaluation;
  if (probes === undefined) return;
  const variable = findVariable(probes.variable, material);
  if (model.features === undefined) {
    throw refuse('E_PROBE_MODEL', `the model ${config.model.name} has no last hidden layer to probe`, [
      'type model=mlp, model=patch_mlp, model=cnn or model=vit',
    ]);
  }
  const { train, validation } = material.split.sets;
  if (validation === undefined) {
    throw refuse(
      'E_PROBE_SETS',
      "what is open in a probe is chosen on the set 'validation', which the split has not",
      ["type '+split.sets.validation={of: train, share: 0.2}'"],
    );
  }
  listLevels(material, variable, train!);
}

/** What the probes that the config asks for found; nothing where it does not. Reads the examples that were predicted. */
export async function probeNetwork(
  { config, run, signal }: JobContext,
  network: Probed,
  samples: Samples,
): Promise<Measured> {
  const { probes, batch_size: batchSize } = config.evaluation;
  if (probes === undefined) return { rows: [] };
  requireProbes(config, network);
  const { material, engine, trainer, model } = network;
  const variable = findVariable(probes.variable, material);
  const { question, known } = ask(config, material, variable, samples);
  for (const { set, examples } of samples) {
    const left = examples.length - examplesOf(known, set).length;
    if (left > 0)
      run.warn(`${left} examples of ${set} have a level of ${variable} that training has not: not probed`);
  }
  const options = predictorOptions(config, network, () => signal.throwIfAborted());
  const readAll = async (read: (batch: NamedArrays) => ArrayLike<number>): Promise<Reading> => {
    const take = readBatches(options, read);
    const reading: Record<string, Reading[string]> = {};
    for (const { set, examples } of known) {
      const data = await take(examples);
      reading[set] = { data, rows: examples.length, columns: data.length / Math.max(1, examples.length) };
    }
    return reading;
  };
  const readFeatures = (of: Pick<Trainer, 'inference'>) => {
    const infer = of.inference((parameters, batch) => ({ features: model.features!(parameters, batch) }));
    return readAll((batch) => infer(batch).features!.data);
  };
  const { rows, margins } = await probeAll(
    question,
    {
      features: () => readFeatures(trainer),
      async untrained() {
        const fresh = holdParameters(engine, (await describeStep(config, material)).options.parameters);
        try {
          return await readFeatures(fresh);
        } finally {
          fresh.dispose();
        }
      },
      inputs: () => readAll((batch) => joinInputs(batch, Object.keys(material.dataset.inputs), batchSize)),
    },
    (message) => run.warn(message),
  );
  run.log(`probed ${variable}: ${describe(rows)}`);
  if (material.dataset.table.variable(variable).levels.length !== 2) return { rows };
  return { rows, probes: { [variable]: spread(margins, known, samples) } };
}

/** The margins of the examples that were probed, in the places of all; NaN elsewhere. */
function spread(
  margins: Readonly<Record<string, Float64Array>>,
  known: Samples,
  samples: Samples,
): Float32Array {
  const all = new Float32Array(countExamples(samples)).fill(Number.NaN);
  let before = 0;
  for (const { set, examples } of samples) {
    const probed = examplesOf(known, set);
    let next = 0;
    for (const [at, example] of examples.entries()) {
      if (probed[next] === example) all[before + at] = margins[set]![next++]!;
    }
    before += examples.length;
  }
  return all;
}

function findVariable(named: string | null, { dataset }: Material): string {
  const { name, table } = dataset;
  if (named !== null) {
    if (table.variables.some((variable) => variable.name === named)) return named;
    const names = table.variables.map((variable) => variable.name).join(', ');
    throw refuse('E_PROBE_VARIABLE', `the dataset ${name} has no variable '${named}'`, [
      `use one of: ${names}`,
    ]);
  }
  const [first] = dataset.protected ?? [];
  if (first !== undefined) return first;
  throw refuse('E_PROBE_VARIABLE', `the dataset ${name} names no protected variable`, [
    `name what is to be probed: evaluation.probes.variable=${table.variables[0]?.name ?? 'NAME'}`,
  ]);
}

/** Levels that training has: what a probe can learn to tell. */
function listLevels({ dataset }: Material, variable: string, train: Uint32Array): readonly number[] {
  const column = dataset.table.column(variable);
  const levels = new Set<number>();
  for (const example of train) levels.add(column[example]!);
  if (levels.size > 1) return [...levels].sort((a, b) => a - b);
  throw refuse(
    'E_PROBE_GROUPS',
    `all training examples have the same ${variable}: there is nothing to tell`,
    ['probe another variable: evaluation.probes.variable=NAME'],
  );
}

/** The question, and the examples of every set that have an answer. */
function ask(
  { seed, evaluation: { probes } }: ExperimentConfig,
  material: Material,
  variable: string,
  samples: Samples,
): { readonly question: Question; readonly known: Samples } {
  const { l2: strengths, hidden } = probes!;
  const levels = listLevels(material, variable, examplesOf(samples, 'train'));
  const column = material.dataset.table.column(variable);
  const known = samples.map(({ set, examples }) => ({
    set,
    examples: examples.filter((example) => levels.includes(column[example]!)),
  }));
  const labels = Object.fromEntries(
    known.map(({ set, examples }) => [
      set,
      Uint16Array.from(examples, (example) => levels.indexOf(column[example]!)),
    ]),
  );
  return { question: { variable, classes: levels.length, labels, seed, strengths, hidden }, known };
}

/** All inputs of a batch, flattened, side by side: `[batch, numbers]`, row-major. */
function joinInputs(batch: NamedArrays, names: readonly string[], batchSize: number): ArrayLike<number> {
  const arrays = names.map((name) => batch[name]!.data);
  if (arrays.length === 1) return arrays[0]!;
  const widths = arrays.map(({ length }) => length / batchSize);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const joined = new Float32Array(batchSize * width);
  for (let row = 0; row < batchSize; row++) {
    let to = row * width;
    for (const [at, array] of arrays.entries()) {
      const own = widths[at]!;
      joined.set(array.subarray(row * own, (row + 1) * own), to);
      to += own;
    }
  }
  return joined;
}

function describe(rows: readonly RecordRow[]): string {
  const accuracies = rows.filter(({ metric }) => metric === 'probe_accuracy');
  return probeNames
    .map((name) => {
      const own = accuracies.filter(({ group }) => group.probe === name);
      return `${name} ${own.map(({ set, value }) => `${value.toFixed(3)} (${set})`).join(' ')}`;
    })
    .join(', ');
}

function refuse(code: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code, message, place: 'evaluation.probes', hints });
}
